package io.culvert.gossip.membership;

import io.culvert.catalog.NodeId;
import io.culvert.gossip.wire.Incarnation;

/** Sums of these tell in eight bytes whether two tables are the same, in whatever order they were filled. */
final class StateHash {
    private StateHash() {}

    static long of(NodeId id, Incarnation incarnation, Standing standing) {
        long hash = mix(id.high() + 0x9e3779b97f4a7c15L);
        hash = mix(hash ^ id.low());
        hash = mix(hash ^ incarnation.epoch());
        hash = mix(hash ^ incarnation.number());
        return mix(hash ^ standing.settled());
    }

    // The finalizer of SplitMix64.
    private static long mix(long value) {
        long mixed = (value ^ value >>> 30) * 0xbf58476d1ce4e5b9L;
        mixed = (mixed ^ mixed >>> 27) * 0x94d049bb133111ebL;
        return mixed ^ mixed >>> 31;
    }
}
