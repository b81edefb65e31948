/**
 * Where this host is in the network, learned from round trips: Vivaldi. Pure: no sockets, no clock, no threads. Runs on
 * the gossip loop only. What others say of themselves is bounded before it moves anything here.
 */
@NullMarked
package io.culvert.gossip.coordinates;

import org.jspecify.annotations.NullMarked;
