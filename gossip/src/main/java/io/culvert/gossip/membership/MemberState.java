package io.culvert.gossip.membership;

import io.culvert.catalog.NodeId;
import io.culvert.gossip.wire.Alive;
import io.culvert.gossip.wire.Incarnation;

/**
 * One member as it stands, for views, digests and tests.
 *
 * @param roundTripNanos negative until it was measured
 */
public record MemberState(
        Alive alive, Incarnation incarnation, Standing standing, long changedAt, long roundTripNanos, String reason) {
    public NodeId id() {
        return alive.about();
    }
}
