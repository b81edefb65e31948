package io.culvert.gossip.membership;

import io.culvert.catalog.Liveness;
import io.culvert.catalog.NodeId;
import io.culvert.gossip.wire.Alive;
import io.culvert.gossip.wire.Coordinate;
import io.culvert.gossip.wire.Frame;
import io.culvert.gossip.wire.Incarnation;
import io.culvert.gossip.wire.Peer;
import org.jspecify.annotations.Nullable;

/** One other member, as this one sees it. Belongs to the table; changed by {@link Membership} only. */
final class Member {
    static final long NEVER = -1;

    /** The newest verified word of the member itself. */
    Alive alive;
    /** Of the last verified word, a goodbye included. */
    Incarnation incarnation;

    Standing standing = Standing.ALIVE;
    /** The word that put it into its standing. */
    Frame.Rumour word;

    long changedAt;
    long roundTripNanos = NEVER;
    Coordinate coordinate = Coordinate.ORIGIN;

    @Nullable
    Suspicion suspicion;
    /** An accusation of an incarnation that we have not heard of yet. */
    Frame.@Nullable Accusation held;
    /** What the layers above were told last; null until they were told at all. */
    @Nullable
    Liveness announced;
    /** Whether its turn to be probed comes. */
    boolean inProbeOrder;
    /** Position in the table's list. */
    int index;

    Member(Alive alive, long now) {
        this.alive = alive;
        this.incarnation = alive.incarnation();
        this.word = alive;
        this.changedAt = now;
    }

    NodeId id() {
        return alive.about();
    }

    Peer peer() {
        return new Peer(alive.about(), alive.address());
    }

    String reason() {
        if (word instanceof Frame.Suspect suspect) {
            return "no answer to " + suspect.accuser();
        }
        if (word instanceof Frame.Dead dead) {
            return "no objection to the suspicion of " + dead.accuser();
        }
        if (word instanceof Frame.Forget forget) {
            return "forced out at " + forget.accuser();
        }
        return standing == Standing.LEFT ? "left" : "alive";
    }
}
