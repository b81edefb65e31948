/**
 * Names.
 */
@NullMarked
package io.culvert.dns;

import org.jspecify.annotations.NullMarked;
