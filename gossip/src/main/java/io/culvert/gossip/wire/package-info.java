/**
 * What goes over the network: the cursor every codec reads with, the encrypted envelope of datagrams and its form for
 * streams. Pure: bytes in, values or named refusals out; no sockets, no clocks. Each object belongs to one thread.
 */
@NullMarked
package io.culvert.gossip.wire;

import org.jspecify.annotations.NullMarked;
