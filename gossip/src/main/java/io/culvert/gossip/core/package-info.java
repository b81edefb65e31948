/**
 * The whole gossip protocol of one member as one machine: {@link io.culvert.gossip.core.GossipMachine} is the door.
 * Bytes, timers and commands go in with the time; {@link io.culvert.gossip.core.Effect}s come out. Pure: no sockets, no
 * clock, no threads; runs on the gossip loop in production and in virtual time in the simulator.
 */
@NullMarked
package io.culvert.gossip.core;

import org.jspecify.annotations.NullMarked;
