package io.culvert.gossip.membership;

import io.culvert.catalog.clock.WallClock;
import io.culvert.gossip.wire.Incarnation;

/**
 * Which incarnations a member can have come to honestly. Whoever got hold of its key, or a damaged disk, could otherwise
 * take the largest number there is, and the member itself could never speak again (memberlist #358).
 *
 * <p>A new epoch is compared with what a restart now would give, not with the epoch we remember: else who was not
 * restarted for long would be shut out when it is (Cassandra's generation drift, scylladb #5164). A clock that is behind
 * the epoch of a member that runs cannot judge restarts; ours then does not.
 */
final class IncarnationBounds {
    /** About twelve days of seconds, or as many refutations. */
    static final long GREATEST_JUMP = 1L << 20;
    /** What is never given up, so that the member can always go on. */
    static final long HEADROOM = 1L << 32;

    private static final long NANOS_A_SECOND = 1_000_000_000L;
    /** Numbers that {@link Refuter} can take in a second. */
    private static final long REFUTATIONS_A_SECOND = NANOS_A_SECOND / Refuter.GAP_NANOS;

    private final WallClock wall;

    IncarnationBounds(WallClock wall) {
        this.wall = wall;
    }

    /** For somebody not known yet: there is nothing to compare with. */
    static boolean leavesRoom(Incarnation incarnation) {
        return incarnation.epoch() <= Incarnation.MAX_EPOCH - HEADROOM
                && Long.compareUnsigned(incarnation.number(), -1L - HEADROOM) <= 0;
    }

    /** Whether a member can have come from {@code known}, of which we heard {@code sinceNanos} ago, to {@code next}. */
    boolean isReachable(Incarnation next, Incarnation known, long sinceNanos) {
        if (!leavesRoom(next)) {
            return false;
        }
        if (next.epoch() == known.epoch()) {
            long grown = next.number() - known.number();
            long most = GREATEST_JUMP + sinceNanos / NANOS_A_SECOND * REFUTATIONS_A_SECOND;
            return Long.compareUnsigned(grown, most) <= 0;
        }
        long restartedNow = wall.now().getEpochSecond();
        return restartedNow < known.epoch() || next.epoch() <= restartedNow + GREATEST_JUMP;
    }
}
