package io.culvert.gossip.membership;

import io.culvert.catalog.NodeId;
import io.culvert.gossip.wire.Frame;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/**
 * News about members, the least told first. At most one rumour a member: a newer one replaces the older. Bounded; when
 * full the most told goes.
 */
public final class RumourQueue {
    private static final int MOST = 16_384;
    // An accusation: header, member, incarnation, accuser.
    private static final int SHORTEST_RUMOUR = 49;

    private final Map<NodeId, Entry> byMember = new HashMap<>();
    // memberlist's order: fewest copies, then longest, then newest.
    private final TreeSet<Entry> order = new TreeSet<>(Comparator.<Entry>comparingInt(entry -> entry.copies)
            .thenComparing(entry -> entry.frame.length(), Comparator.reverseOrder())
            .thenComparing(entry -> entry.sequence, Comparator.reverseOrder()));
    private long sequence;

    private static final class Entry {
        final NodeId about;
        final Frame frame;
        final long sequence;
        int copies;

        Entry(NodeId about, Frame frame, long sequence) {
            this.about = about;
            this.frame = frame;
            this.sequence = sequence;
        }
    }

    public void add(Frame.Rumour rumour) {
        drop(rumour.about());
        if (order.size() >= MOST) {
            drop(order.last().about);
        }
        Entry entry = new Entry(rumour.about(), rumour.frame(), sequence++);
        byMember.put(entry.about, entry);
        order.add(entry);
    }

    /**
     * Takes what fits into {@code bytes} for one receiver, each rumour once.
     *
     * @param copies after which a rumour is dropped
     */
    public List<Frame> take(int bytes, int copies) {
        List<Frame> taken = new ArrayList<>();
        if (order.isEmpty()) {
            return taken;
        }
        List<Entry> told = new ArrayList<>();
        int left = bytes;
        for (Entry entry : order) {
            if (entry.frame.length() <= left) {
                left -= entry.frame.length();
                told.add(entry);
            }
            if (left < SHORTEST_RUMOUR) {
                break;
            }
        }
        for (Entry entry : told) {
            order.remove(entry);
            entry.copies++;
            if (entry.copies >= copies) {
                byMember.remove(entry.about);
            } else {
                order.add(entry);
            }
            taken.add(entry.frame);
        }
        return taken;
    }

    public boolean contains(NodeId about) {
        return byMember.containsKey(about);
    }

    public int size() {
        return order.size();
    }

    private void drop(NodeId about) {
        Entry old = byMember.remove(about);
        if (old != null) {
            order.remove(old);
        }
    }
}
