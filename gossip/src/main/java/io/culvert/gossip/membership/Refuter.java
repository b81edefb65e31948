package io.culvert.gossip.membership;

import io.culvert.gossip.wire.Frame;
import io.culvert.gossip.wire.Incarnation;

/**
 * What this member does about words against itself. Only an accusation of the very incarnation we have makes us take the
 * next one, and not more often than every 50 ms: nobody can drive our numbers up, nor make us sign all day.
 */
final class Refuter {
    private static final long GAP_NANOS = 50_000_000L;
    private static final long REMINDER_GAP_NANOS = 1_000_000_000L;
    // One process sees one or two of its own earlier words, when it starts. More come from somebody alive.
    private static final int MOST_EARLIER_WORDS = 3;

    private final Self self;
    private final LocalHealth health;
    private final TimerQueue timers;
    private final MembershipPort port;
    private long mayRaiseAt = Long.MIN_VALUE;
    private long mayRemindAt = Long.MIN_VALUE;
    private boolean waiting;
    private int earlierWords;

    Refuter(Self self, LocalHealth health, TimerQueue timers, MembershipPort port) {
        this.self = self;
        this.health = health;
        this.timers = timers;
        this.port = port;
    }

    void onAccusation(Frame.Accusation accusation, long now) {
        if (self.isLeaving()) {
            return;
        }
        int order = accusation.incarnation().compareTo(self.incarnation());
        if (order < 0) {
            remind(now);
        } else if (order == 0) {
            refute(accusation, now);
        }
        // Larger: nobody but us makes our numbers, so it is forged, or an earlier life's, whose signed word will come.
    }

    private void refute(Frame.Accusation accusation, long now) {
        if (now < mayRaiseAt) {
            retryLater(accusation);
            return;
        }
        health.hadToRefute();
        port.noticed(new MembershipPort.Refuted(accusation.accuser()));
        raise(self.incarnation().next(), now);
    }

    private void retryLater(Frame.Accusation accusation) {
        if (!waiting) {
            waiting = true;
            timers.at(mayRaiseAt, at -> {
                waiting = false;
                onAccusation(accusation, at);
            });
        }
    }

    private void remind(long now) {
        if (now >= mayRemindAt) {
            mayRemindAt = now + REMINDER_GAP_NANOS;
            port.spread(self.alive());
        }
    }

    /**
     * Our own signed word, at least as new as ours, but not ours: from a life whose disk was lost, or from a clone. Its
     * signature was checked.
     */
    void onEarlierWord(Incarnation theirs, long now) {
        if (self.isLeaving() || self.incarnation().isNewerThan(theirs)) {
            return;
        }
        earlierWords++;
        if (earlierWords > MOST_EARLIER_WORDS || theirs.epoch() >= Incarnation.MAX_EPOCH) {
            port.noticed(new MembershipPort.CloneSuspected());
            return;
        }
        raise(new Incarnation(theirs.epoch() + 1, 0), now);
    }

    private void raise(Incarnation next, long now) {
        mayRaiseAt = now + GAP_NANOS;
        port.spread(self.raise(next));
        port.ownIncarnation(next);
    }
}
