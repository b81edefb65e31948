/** The two clocks of the house. The only package that may ask the system for the time. */
@NullMarked
package io.culvert.catalog.clock;

import org.jspecify.annotations.NullMarked;
