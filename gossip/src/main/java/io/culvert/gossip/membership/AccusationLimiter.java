package io.culvert.gossip.membership;

import io.culvert.catalog.NodeId;
import io.culvert.gossip.bounds.Size;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * One sick host cannot accuse the pool: of each accuser only so many new accusations a second are believed (consul #5567
 * shows what happens otherwise). Honest accusers stay far below: they probe one member in each interval.
 */
final class AccusationLimiter {
    private static final double PER_SECOND = 5;
    private static final double BURST = 20;
    private static final int MOST_ACCUSERS = 1_024;

    private final Map<NodeId, TokenBucket> buckets = new LinkedHashMap<>();

    boolean allows(NodeId accuser, long now) {
        TokenBucket bucket = buckets.get(accuser);
        if (bucket == null) {
            makeRoom(now);
            bucket = new TokenBucket(PER_SECOND, BURST, now);
            buckets.put(accuser, bucket);
        }
        return bucket.tryTake(1, now);
    }

    Size size() {
        return new Size("accusers", buckets.size(), MOST_ACCUSERS);
    }

    // A full bucket says nothing. If none is full a thousand hosts accuse at once, and the oldest entry goes.
    private void makeRoom(long now) {
        if (buckets.size() < MOST_ACCUSERS) {
            return;
        }
        buckets.values().removeIf(bucket -> bucket.isFull(now));
        if (buckets.size() >= MOST_ACCUSERS) {
            buckets.remove(buckets.keySet().iterator().next());
        }
    }
}
