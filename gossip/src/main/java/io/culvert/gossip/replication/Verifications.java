package io.culvert.gossip.replication;

import io.culvert.catalog.NodeId;
import io.culvert.gossip.identity.PublicKeyBytes;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Signatures that are being checked elsewhere. The same head is checked once at a time, however many send it; who sends
 * wrong ones is not listened to for a while: a check costs a thousand times what a packet costs.
 */
final class Verifications {
    private static final int MOST_BAD_A_MINUTE = 10;
    private static final long MINUTE_NANOS = 60_000_000_000L;
    private static final int MOST_SENDERS = 1_024;

    private final int bound;
    private final long weightBound;
    private final Map<Long, Pending> pending = new HashMap<>();
    private final Set<Question> asked = new HashSet<>();
    private final Map<NodeId, Meter> meters = new LinkedHashMap<>();
    private long lastTicket;
    private long weight;

    /** What waits for a verdict. */
    record Pending(Announcement announcement, NodeId from, PublicKeyBytes key) {
        private Question question() {
            return new Question(announcement.getClass(), announcement.head());
        }
    }

    private record Question(Class<?> kind, Head head) {}

    private static final class Meter {
        private final long since;
        private int bad;

        Meter(long since) {
            this.since = since;
        }
    }

    Verifications(ReplicationSettings.Bounds bounds) {
        this.bound = bounds.verifications();
        this.weightBound = bounds.waitingBytes();
    }

    /** How many more may wait; 0 also when those that wait are too large together. */
    int room() {
        return weight >= weightBound ? 0 : bound - pending.size();
    }

    int size() {
        return pending.size();
    }

    boolean isAsked(Announcement announcement) {
        return asked.contains(new Question(announcement.getClass(), announcement.head()));
    }

    /** The ticket under which the verdict will come. */
    long start(Pending question) {
        lastTicket++;
        pending.put(lastTicket, question);
        asked.add(question.question());
        weight += question.announcement().weight();
        return lastTicket;
    }

    /** What the ticket was for; null when there is no such ticket. */
    @Nullable
    Pending finish(long ticket) {
        Pending finished = pending.remove(ticket);
        if (finished != null) {
            asked.remove(finished.question());
            weight -= finished.announcement().weight();
        }
        return finished;
    }

    void countBad(NodeId sender, long nowNanos) {
        Meter meter = meters.get(sender);
        if (meter == null || nowNanos - meter.since > MINUTE_NANOS) {
            meters.remove(sender);
            meter = new Meter(nowNanos);
            meters.put(sender, meter);
        }
        meter.bad++;
        if (meters.size() > MOST_SENDERS) {
            Iterator<NodeId> oldest = meters.keySet().iterator();
            oldest.next();
            oldest.remove();
        }
    }

    boolean isMuted(NodeId sender, long nowNanos) {
        Meter meter = meters.get(sender);
        return meter != null && meter.bad > MOST_BAD_A_MINUTE && nowNanos - meter.since <= MINUTE_NANOS;
    }
}
