/**
 * The two machines of a tunnel connection, client and server. Pure: events and the time come in, effects go out; no
 * Netty, no sockets, no clock, no threads. Confined to the event loop of the connection that uses them.
 */
@NullMarked
package io.culvert.proxy.stream;

import org.jspecify.annotations.NullMarked;
