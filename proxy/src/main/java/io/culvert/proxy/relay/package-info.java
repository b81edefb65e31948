/**
 * Bytes between two sockets on one event loop: back-pressure, half-close and reset kept as the peers meant them.
 */
@NullMarked
package io.culvert.proxy.relay;

import org.jspecify.annotations.NullMarked;
