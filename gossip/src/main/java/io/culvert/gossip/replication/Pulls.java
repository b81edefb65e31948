package io.culvert.gossip.replication;

import io.culvert.catalog.NodeId;
import io.culvert.gossip.replication.ReplicationNotice.Kind;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Questions for missing records, one an owner: by datagram first, over a stream when that is not answered, then to
 * another member. What all of that does not bring, the next comparison of trees does.
 */
final class Pulls {
    private static final int MOST_FAILURES = 2;
    /** A stream has its own deadline; this only frees the place when nobody reports its end. */
    private static final int STREAM_TIMEOUTS = 30;

    private final ReplicationPort port;
    private final int bound;
    private final long timeoutNanos;
    private final Map<NodeId, InFlight> byOwner = new LinkedHashMap<>();

    /** @param repeated whether it was asked again because the peer did not know our session; once is enough */
    private record InFlight(Pull pull, NodeId from, long askedAt, boolean byStream, int failures, boolean repeated) {
        InFlight(Pull pull, NodeId from, long askedAt, boolean byStream, int failures) {
            this(pull, from, askedAt, byStream, failures, false);
        }

        InFlight asRepeated() {
            return new InFlight(pull, from, askedAt, byStream, failures, true);
        }
    }

    Pulls(ReplicationSettings settings, ReplicationPort port) {
        this.port = port;
        this.bound = settings.bounds().pulls();
        this.timeoutNanos = settings.pullTimeout().toNanos();
    }

    int size() {
        return byOwner.size();
    }

    /** Asks {@code from}, unless somebody is being asked already. */
    void ask(NodeId from, Pull pull, long nowNanos) {
        InFlight before = byOwner.get(pull.owner());
        if (before != null) {
            // A head alone, from the one we asked: the repair is too long for a datagram.
            if (before.from().equals(from) && !before.byStream()) {
                askByStream(before, nowNanos);
            }
        } else if (byOwner.size() >= bound) {
            port.noticed(new ReplicationNotice(Kind.TOO_MANY_PULLS, pull.owner(), from));
        } else {
            byOwner.put(pull.owner(), new InFlight(pull, from, nowNanos, false, 0));
            port.send(from, pull.frame());
        }
    }

    /** {@code from} wants a sign of life of our session before it answers: whatever was asked of it is asked once more. */
    void repeat(NodeId from) {
        byOwner.replaceAll((owner, question) -> {
            if (!question.from().equals(from) || question.byStream() || question.repeated()) {
                return question;
            }
            port.send(from, question.pull().frame());
            return question.asRepeated();
        });
    }

    void done(NodeId owner) {
        byOwner.remove(owner);
    }

    /**
     * The answer of {@code from} did not lead to what the owner signed.
     *
     * @param whole asks for all records
     * @param elsewhere all records were in the answer: another member has to be asked
     */
    void mismatched(NodeId from, Pull whole, boolean elsewhere, long nowNanos) {
        InFlight before = byOwner.remove(whole.owner());
        int failures = before == null ? 1 : before.failures() + 1;
        if (failures > MOST_FAILURES || byOwner.size() >= bound) {
            return;
        }
        byOwner.put(whole.owner(), new InFlight(whole, from, nowNanos, true, failures));
        if (elsewhere) {
            port.pullFromAnother(from, whole);
        } else {
            port.pullByStream(from, whole);
        }
    }

    /** The stream is over; what it brought was handed in before. */
    void streamEnded(NodeId owner, long nowNanos) {
        InFlight unanswered = byOwner.get(owner);
        if (unanswered != null && unanswered.byStream()) {
            failed(unanswered, nowNanos);
        }
    }

    void onTick(long nowNanos) {
        List<InFlight> overdue = new ArrayList<>();
        for (InFlight question : byOwner.values()) {
            long patience = question.byStream() ? STREAM_TIMEOUTS * timeoutNanos : timeoutNanos;
            if (nowNanos - question.askedAt() >= patience) {
                overdue.add(question);
            }
        }
        for (InFlight question : overdue) {
            if (question.byStream()) {
                failed(question, nowNanos);
            } else {
                askByStream(question, nowNanos);
            }
        }
    }

    private void failed(InFlight question, long nowNanos) {
        mismatched(question.from(), question.pull(), true, nowNanos);
    }

    private void askByStream(InFlight before, long nowNanos) {
        byOwner.put(
                before.pull().owner(), new InFlight(before.pull(), before.from(), nowNanos, true, before.failures()));
        port.pullByStream(before.from(), before.pull());
    }
}
