/**
 * Streams.
 */
@NullMarked
package io.culvert.proxy;

import org.jspecify.annotations.NullMarked;
