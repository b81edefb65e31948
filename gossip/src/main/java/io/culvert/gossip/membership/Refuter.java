package io.culvert.gossip.membership;

import io.culvert.gossip.wire.Frame;
import io.culvert.gossip.wire.Incarnation;
import org.jspecify.annotations.Nullable;

/**
 * What this member does about words against itself, and about its own words that it did not say. Only an accusation of the
 * very incarnation we have makes us take the next one, and not more often than every 50 ms: nobody can drive our numbers
 * up, nor make us sign all day.
 *
 * <p>A signed word of ours that is newer than ours comes from an earlier life whose disk was lost, or from a process on
 * another host with a copy of our key. An earlier life does not answer: so we take a larger epoch, twice at most. A copy
 * does the same, and both see that the other answers; then both say so loudly, and neither goes on, so that the tables
 * come to rest at one of them. Which of the two is the real one only a person can say; a key that was copied is not
 * replaced by the process itself, because whoever stole a key could then make its owner give it up.
 */
final class Refuter {
    static final long GAP_NANOS = 50_000_000L;
    private static final long REMINDER_GAP_NANOS = 1_000_000_000L;
    private static final int MOST_EARLIER_WORDS = 2;

    private final Self self;
    private final LocalHealth health;
    private final TimerQueue timers;
    private final MembershipPort port;
    private long mayRaiseAt = Long.MIN_VALUE;
    private long mayRemindAt = Long.MIN_VALUE;
    private boolean waiting;
    private int earlierWords;
    private long mayOutliveAt = Long.MIN_VALUE;
    private @Nullable Incarnation stronger;
    private @Nullable Incarnation givenUp;

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
        } else if (accusation instanceof Frame.Dead) {
            // Nobody but us makes our numbers: forged, or of a process with our key. If that one is dead we outlive it.
            givenUp = accusation.incarnation();
            outlive(now);
        }
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

    /** Our own signed word, newer than ours, but not ours. Its signature was checked. */
    void onEarlierWord(Incarnation theirs, long now) {
        if (self.isLeaving() || self.incarnation().isNewerThan(theirs)) {
            return;
        }
        earlierWords++;
        boolean answered = earlierWords >= MOST_EARLIER_WORDS;
        if (answered) {
            port.noticed(new MembershipPort.CloneSuspected());
        }
        if (earlierWords <= MOST_EARLIER_WORDS) {
            raiseOver(theirs, now);
        } else {
            stronger = theirs;
            outlive(now);
        }
    }

    // The other process with our key is not answered any more, but it may have ended: the pool holds its word for dead.
    private void outlive(long now) {
        Incarnation theirs = stronger;
        if (theirs != null && theirs.equals(givenUp) && now >= mayOutliveAt) {
            mayOutliveAt = now + 60 * REMINDER_GAP_NANOS;
            stronger = null;
            raiseOver(theirs, now);
        }
    }

    private void raiseOver(Incarnation theirs, long now) {
        if (theirs.epoch() < Incarnation.MAX_EPOCH) {
            raise(new Incarnation(theirs.epoch() + 1, 0), now);
        }
    }

    private void raise(Incarnation next, long now) {
        mayRaiseAt = now + GAP_NANOS;
        port.spread(self.raise(next));
        port.ownIncarnation(next);
    }
}
