package io.culvert.gossip.membership;

import io.culvert.catalog.Liveness;
import io.culvert.catalog.NodeId;
import io.culvert.gossip.wire.Alive;
import io.culvert.gossip.wire.Coordinate;
import io.culvert.gossip.wire.Frame;
import io.culvert.gossip.wire.Incarnation;
import io.culvert.gossip.wire.Peer;
import org.jspecify.annotations.Nullable;

/** One other member, as this one sees it. Belongs to the table; changed by the machines of this package only. */
final class Member {
    static final long NEVER = -1;

    /** The newest verified word of the member itself. */
    Alive alive;
    /** Of the last verified word, a goodbye included. */
    Incarnation incarnation;
    /** When that word came. */
    long wordAt;

    Standing standing = Standing.ALIVE;
    /** The word that put it into its standing. */
    Frame.Rumour word;
    /** Why it is in its standing, for people. */
    String reason = "joined";

    long changedAt;
    long roundTripNanos = NEVER;
    /** When it last gave a sign of life to this host itself. */
    long heardAt = NEVER;
    /** Whether its last sign of life came by stream while it was silent to datagrams. */
    boolean onlyByStream;

    /** Where it says it is in the network; null until it was heard of. */
    @Nullable
    Coordinate coordinate;
    /** When it said so. */
    long coordinateAt;

    @Nullable
    Suspicion suspicion;
    /** When the timer of its suspicions runs next; there is one for all of them. */
    long suspicionTimerAt = NEVER;
    /** Whether the timer is set by which it is told what it is accused of; there is one for all its suspicions. */
    boolean reminderIsSet;
    /** An accusation of an incarnation that we have not heard of yet. */
    Frame.@Nullable Accusation held;
    /** What is left of its right to accuse; null until it did. */
    @Nullable
    TokenBucket accusations;
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
        this.wordAt = now;
        this.changedAt = now;
    }

    NodeId id() {
        return alive.about();
    }

    Peer peer() {
        return new Peer(alive.about(), alive.address());
    }

    /** Dead, or dead and given up by somebody else: it may be alive on the other side of a cut. */
    boolean mayComeBack() {
        return standing == Standing.DEAD || standing == Standing.LEFT && word instanceof Frame.Forget;
    }

    void heard(long now) {
        heardAt = now;
    }

    /** Takes a coordinate that is newer than the one we have. */
    void placed(Coordinate newer, long saidAt) {
        if (coordinate == null || saidAt > coordinateAt) {
            coordinate = newer;
            coordinateAt = saidAt;
        }
    }
}
