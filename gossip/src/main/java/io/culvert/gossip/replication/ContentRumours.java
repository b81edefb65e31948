package io.culvert.gossip.replication;

import io.culvert.catalog.NodeId;
import io.culvert.gossip.wire.Envelope;
import io.culvert.gossip.wire.Frame;
import io.culvert.gossip.wire.FrameType;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * News about content, to be told by gossip: what stops working first, then what was told least. One rumour an owner: a
 * newer one replaces the older, which it repeats. Bounded; when full the least urgent goes.
 */
public final class ContentRumours {
    /** How often good news is told: 0.25 % are left uninformed, and learn by comparison within seconds. */
    private static final int POSITIVE_COPIES = 6;
    /** Bad news is told as often as a death in small pools. */
    private static final int NEGATIVE_MULTIPLIER = 4;
    /**
     * In large ones less: after eight copies 3 of 10,000 are left uninformed (7 at 10 % loss), whom the next comparison
     * tells. Twenty copies, as for a death, would be 45 KB/s at every agent when each of 100,000 instances changes once an
     * hour.
     */
    private static final int MOST_NEGATIVE_COPIES = 8;

    private static final int SHORTEST = FrameType.HEADER_BYTES + 109;
    /** Longest body that fits a datagram beside nothing else. */
    static final int DATAGRAM_BODY = Envelope.MAXIMUM_PAYLOAD - FrameType.HEADER_BYTES;

    private final int bound;
    private final Map<NodeId, Entry> byOwner = new LinkedHashMap<>();
    private final TreeSet<Entry> order = new TreeSet<>(Comparator.comparing((Entry entry) -> !entry.negative)
            .thenComparingInt(entry -> entry.copies)
            .thenComparing(entry -> entry.sequence, Comparator.reverseOrder()));
    private long sequence;
    private long dropped;

    private static final class Entry {
        private final NodeId owner;
        private final Frame.Content frame;
        private final boolean negative;
        private final long sequence;
        private final long since;
        private int copies;

        Entry(NodeId owner, Frame.Content frame, boolean negative, long sequence, long since) {
            this.owner = owner;
            this.frame = frame;
            this.negative = negative;
            this.sequence = sequence;
            this.since = since;
        }
    }

    /** One receiver's share of a tick, over as many packets as it takes: nothing is told to it twice. */
    public static final class Round {
        private final Set<NodeId> told = new HashSet<>();
    }

    ContentRumours(int bound) {
        this.bound = bound;
    }

    void add(Announcement news, boolean negative, long nowNanos) {
        Frame.Content whole = news.frame();
        // What does not fit a packet would wait for ever: its head makes the others ask.
        Frame.Content frame =
                whole.bodyLength() <= DATAGRAM_BODY ? whole : news.head().frame();
        NodeId owner = news.head().owner();
        Entry before = byOwner.get(owner);
        // Bad news that was not told out yet is repeated by what replaces it: it keeps its urgency.
        boolean urgent = negative || before != null && before.negative;
        drop(owner);
        Entry entry = new Entry(owner, frame, urgent, sequence++, nowNanos);
        byOwner.put(owner, entry);
        order.add(entry);
        if (order.size() > bound) {
            drop(order.last().owner);
            dropped++;
        }
    }

    /** How many were dropped because there were too many. */
    public long dropped() {
        return dropped;
    }

    void drop(NodeId owner) {
        Entry old = byOwner.remove(owner);
        if (old != null) {
            order.remove(old);
        }
    }

    public int size() {
        return order.size();
    }

    /** How much of one kind is still to be told, and how old it is. */
    public QueueLoad load(boolean negative, long nowNanos) {
        int depth = 0;
        long oldest = 0;
        for (Entry entry : order) {
            if (entry.negative == negative) {
                depth++;
                oldest = Math.max(oldest, nowNanos - entry.since);
            }
        }
        return new QueueLoad(depth, oldest);
    }

    /**
     * Takes what fits into {@code bytes} of one packet.
     *
     * @param members live ones: how often bad news is told depends on how many are to hear it
     */
    public List<Frame.Content> take(Round round, int bytes, int members) {
        List<Entry> chosen = new ArrayList<>();
        int left = bytes;
        for (Entry entry : order) {
            if (left < SHORTEST) {
                break;
            }
            if (entry.frame.length() <= left && round.told.add(entry.owner)) {
                left -= entry.frame.length();
                chosen.add(entry);
            }
        }
        List<Frame.Content> frames = new ArrayList<>();
        for (Entry entry : chosen) {
            frames.add(entry.frame);
            order.remove(entry);
            entry.copies++;
            if (entry.copies >= copies(entry.negative, members)) {
                byOwner.remove(entry.owner);
            } else {
                order.add(entry);
            }
        }
        return frames;
    }

    static int copies(boolean negative, int members) {
        return negative
                ? Math.max(
                        POSITIVE_COPIES,
                        Math.min(
                                MOST_NEGATIVE_COPIES, NEGATIVE_MULTIPLIER * (int) Math.ceil(Math.log10(members + 1.0))))
                : POSITIVE_COPIES;
    }
}
