package io.culvert.gossip.membership;

import io.culvert.catalog.NodeId;
import io.culvert.gossip.bounds.Size;
import io.culvert.gossip.wire.Incarnation;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * In which incarnation somebody was forgotten: a host that was away for days, or its old snapshot, must not bring the
 * gone back as alive (memberlist #312, foca #31). Who really returns has a later epoch. Bounded; the oldest goes first.
 */
final class Forgotten {
    // Three days of heavy churn; 40 B each.
    private static final int MOST = 16_384;

    private final Map<NodeId, Incarnation> last = new LinkedHashMap<>();

    void remember(NodeId id, Incarnation incarnation) {
        last.remove(id);
        last.put(id, incarnation);
        if (last.size() > MOST) {
            last.remove(last.keySet().iterator().next());
        }
    }

    /** Whether this is the life that was forgotten, or an earlier one. */
    boolean covers(NodeId id, Incarnation incarnation) {
        Incarnation known = last.get(id);
        return known != null && incarnation.epoch() <= known.epoch();
    }

    void admitted(NodeId id) {
        last.remove(id);
    }

    Size size() {
        return new Size("forgotten members", last.size(), MOST);
    }
}
