package io.culvert.gossip.membership;

import io.culvert.catalog.NodeId;
import io.culvert.gossip.bounds.Size;
import io.culvert.gossip.wire.Frame;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * News about members, the least told first. Of each member at most its own signed word and one accusation: a newer one
 * replaces the older of its kind, and a word the accusations of earlier incarnations. An accusation must not keep the
 * word from being told which it accuses: without it nobody else could weigh it.
 *
 * <p>News of those who are here goes first; newcomers, whom anybody with the pool's key can invent, have a fourth of the
 * room while there is both. Bounded in entries, and so in bytes: when a class is full its most told goes.
 */
public final class RumourQueue {
    /** Of each class; a rumour has at most 151 bytes on the wire: 2.5 MB. */
    static final int MOST = 16_384;
    // An accusation: header, member, incarnation, accuser.
    private static final int SHORTEST_RUMOUR = 49;
    private static final int NEWCOMERS_SHARE = 4;
    // Thousands of long rumours are not searched through for a short one.
    private static final int MOST_MISSES = 8;

    private final Map<NodeId, Entry> words = new HashMap<>();
    private final Map<NodeId, Entry> accusations = new HashMap<>();
    private final Lane members = new Lane();
    private final Lane newcomers = new Lane();
    private long sequence;
    private long dropped;

    private static final class Entry {
        final Frame.Rumour rumour;
        final Frame frame;
        final long sequence;
        final long addedAt;
        final Lane lane;
        int copies;

        Entry(Frame.Rumour rumour, long sequence, long addedAt, Lane lane) {
            this.rumour = rumour;
            this.frame = rumour.frame();
            this.sequence = sequence;
            this.addedAt = addedAt;
            this.lane = lane;
        }
    }

    private static final class Lane {
        // memberlist's order: fewest copies, then longest, then newest.
        private final TreeSet<Entry> order = new TreeSet<>(Comparator.<Entry>comparingInt(entry -> entry.copies)
                .thenComparing(entry -> entry.frame.length(), Comparator.reverseOrder())
                .thenComparing(entry -> entry.sequence, Comparator.reverseOrder()));
        private final Set<Entry> byAge = new LinkedHashSet<>();

        void add(Entry entry) {
            order.add(entry);
            byAge.add(entry);
        }

        void remove(Entry entry) {
            order.remove(entry);
            byAge.remove(entry);
        }
    }

    /** News of somebody who is known. */
    public void add(Frame.Rumour rumour, long now) {
        add(rumour, members, now);
    }

    /** News of somebody who was not. */
    public void introduce(Frame.Rumour rumour, long now) {
        add(rumour, newcomers, now);
    }

    private void add(Frame.Rumour rumour, Lane lane, long now) {
        boolean accuses = rumour instanceof Frame.Accusation;
        drop(accusations.get(rumour.about()));
        Entry word = words.get(rumour.about());
        if (word != null && (!accuses || rumour.incarnation().isNewerThan(word.rumour.incarnation()))) {
            drop(word);
        }
        if (lane.order.size() >= MOST) {
            drop(lane.order.last());
            dropped++;
        }
        Entry entry = new Entry(rumour, sequence++, now, lane);
        (accuses ? accusations : words).put(rumour.about(), entry);
        lane.add(entry);
    }

    /**
     * Takes what fits into {@code bytes} for one receiver, each rumour once.
     *
     * @param copies after which a rumour is dropped
     */
    public List<Frame> take(int bytes, int copies) {
        List<Entry> told = new ArrayList<>();
        int reserved = newcomers.order.isEmpty() ? 0 : bytes / NEWCOMERS_SHARE;
        int left = reserved + fill(told, members, bytes - reserved);
        fill(told, newcomers, left);
        List<Frame> taken = new ArrayList<>(told.size());
        for (Entry entry : told) {
            entry.lane.order.remove(entry);
            entry.copies++;
            if (entry.copies >= copies) {
                drop(entry);
            } else {
                entry.lane.order.add(entry);
            }
            taken.add(entry.frame);
        }
        return taken;
    }

    /** @return what is left of {@code bytes} */
    private static int fill(List<Entry> told, Lane lane, int bytes) {
        int left = bytes;
        int misses = 0;
        Iterator<Entry> next = lane.order.iterator();
        while (left >= SHORTEST_RUMOUR && misses < MOST_MISSES && next.hasNext()) {
            Entry entry = next.next();
            if (entry.frame.length() <= left) {
                left -= entry.frame.length();
                told.add(entry);
            } else {
                misses++;
            }
        }
        return left;
    }

    public boolean contains(NodeId about) {
        return words.containsKey(about) || accusations.containsKey(about);
    }

    public int size() {
        return members.order.size() + newcomers.order.size();
    }

    public Size filled() {
        return new Size("rumours of members", size(), 2L * MOST);
    }

    /** How long the oldest rumour has been told, in nanoseconds; 0 when there is none. */
    public long oldestNanos(long now) {
        long age = 0;
        for (Lane lane : List.of(members, newcomers)) {
            Iterator<Entry> oldest = lane.byAge.iterator();
            if (oldest.hasNext()) {
                age = Math.max(age, now - oldest.next().addedAt);
            }
        }
        return age;
    }

    /** How many were dropped because there were too many. */
    public long dropped() {
        return dropped;
    }

    private void drop(@Nullable Entry old) {
        if (old != null) {
            old.lane.remove(old);
            words.remove(old.rumour.about(), old);
            accusations.remove(old.rumour.about(), old);
        }
    }
}
