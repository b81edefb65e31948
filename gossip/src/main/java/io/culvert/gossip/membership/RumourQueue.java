package io.culvert.gossip.membership;

import io.culvert.catalog.NodeId;
import io.culvert.gossip.bounds.Size;
import io.culvert.gossip.wire.Frame;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * News about members, the least told first. Of each member at most its own signed word and one accusation: a newer one
 * replaces the older of its kind, and a word the accusations of earlier incarnations. An accusation must not keep the
 * word from being told which it accuses: without it nobody else could weigh it. Bounded; when full the most told goes.
 */
public final class RumourQueue {
    private static final int MOST = 16_384;
    // An accusation: header, member, incarnation, accuser.
    private static final int SHORTEST_RUMOUR = 49;

    private final Map<NodeId, Entry> words = new HashMap<>();
    private final Map<NodeId, Entry> accusations = new HashMap<>();
    // memberlist's order: fewest copies, then longest, then newest.
    private final TreeSet<Entry> order = new TreeSet<>(Comparator.<Entry>comparingInt(entry -> entry.copies)
            .thenComparing(entry -> entry.frame.length(), Comparator.reverseOrder())
            .thenComparing(entry -> entry.sequence, Comparator.reverseOrder()));
    private long sequence;

    private static final class Entry {
        final Frame.Rumour rumour;
        final Frame frame;
        final long sequence;
        int copies;

        Entry(Frame.Rumour rumour, long sequence) {
            this.rumour = rumour;
            this.frame = rumour.frame();
            this.sequence = sequence;
        }
    }

    public void add(Frame.Rumour rumour) {
        boolean accuses = rumour instanceof Frame.Accusation;
        drop(accusations.get(rumour.about()));
        Entry word = words.get(rumour.about());
        if (word != null && (!accuses || rumour.incarnation().isNewerThan(word.rumour.incarnation()))) {
            drop(word);
        }
        if (order.size() >= MOST) {
            drop(order.last());
        }
        Entry entry = new Entry(rumour, sequence++);
        (accuses ? accusations : words).put(rumour.about(), entry);
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
                forget(entry);
            } else {
                order.add(entry);
            }
            taken.add(entry.frame);
        }
        return taken;
    }

    public boolean contains(NodeId about) {
        return words.containsKey(about) || accusations.containsKey(about);
    }

    public int size() {
        return order.size();
    }

    public Size filled() {
        return new Size("rumours of members", order.size(), MOST);
    }

    private void drop(@Nullable Entry old) {
        if (old != null) {
            order.remove(old);
            forget(old);
        }
    }

    private void forget(Entry entry) {
        words.remove(entry.rumour.about(), entry);
        accusations.remove(entry.rumour.about(), entry);
    }
}
