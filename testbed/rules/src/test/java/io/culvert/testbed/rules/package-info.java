/** Rules of the house over every room's classes and sources. Tests only; nothing depends on it. */
@NullMarked
package io.culvert.testbed.rules;

import org.jspecify.annotations.NullMarked;
