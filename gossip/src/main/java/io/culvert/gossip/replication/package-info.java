/**
 * Carries each owner's records to everybody: signed heads and changes as rumours, what was missed by comparing trees.
 * {@link io.culvert.gossip.replication.Replication} is the door. Pure: no sockets, no clocks, no threads; runs on the
 * gossip loop only, except {@link io.culvert.gossip.replication.Head#isSignedBy}, which any thread may call.
 */
@NullMarked
package io.culvert.gossip.replication;

import org.jspecify.annotations.NullMarked;
