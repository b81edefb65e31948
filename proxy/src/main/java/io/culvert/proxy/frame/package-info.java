/**
 * The wire format of {@code culvert/1}: frames as values, and the codec between them and bytes. No I/O: buffers in,
 * buffers out. Confined to the event loop of the connection that uses it.
 */
@NullMarked
package io.culvert.proxy.frame;

import org.jspecify.annotations.NullMarked;
