/**
 * Who is in the pool and who lives: SWIM with the extensions of Lifeguard. Pure: no sockets, no clock, no threads;
 * {@code now} comes in as nanoseconds of a monotonic clock and what is to be done goes out as data. Runs on the gossip
 * loop only.
 */
@NullMarked
package io.culvert.gossip.membership;

import org.jspecify.annotations.NullMarked;
