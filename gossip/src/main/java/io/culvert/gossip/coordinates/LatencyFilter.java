package io.culvert.gossip.coordinates;

import io.culvert.catalog.NodeId;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The median of the last three round trips to each peer: one delayed packet does not move us. Bounded: the peer unheard
 * for longest is forgotten first, and begins again with its next round trip.
 */
final class LatencyFilter {
    private static final int WINDOW = 3;
    /** 4,096 * about 150 B = 0.6 MB. In larger pools a peer's turn comes so rarely that old samples say little. */
    private static final int MOST_PEERS = 4_096;

    private final Map<NodeId, Samples> byPeer = new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<NodeId, Samples> eldest) {
            return size() > MOST_PEERS;
        }
    };

    private static final class Samples {
        private final double[] newest = new double[WINDOW];
        private int count;

        double addAndGetMedian(double seconds) {
            newest[count % WINDOW] = seconds;
            count++;
            int kept = Math.min(count, WINDOW);
            double[] sorted = Arrays.copyOf(newest, kept);
            Arrays.sort(sorted);
            return sorted[kept / 2];
        }
    }

    /** Takes one more sample; what is to be believed. */
    double filter(NodeId peer, double seconds) {
        return byPeer.computeIfAbsent(peer, unused -> new Samples()).addAndGetMedian(seconds);
    }

    int peers() {
        return byPeer.size();
    }
}
