/**
 * Sockets of the pool: UDP and TCP on one port, one event loop. Bytes only; what they mean is decided in {@code core}.
 */
@NullMarked
package io.culvert.gossip.transport;

import org.jspecify.annotations.NullMarked;
