package io.culvert.gossip.membership;

import io.culvert.catalog.NodeId;
import java.util.LinkedHashSet;
import java.util.Set;

/** One member's time to object. The more others say the same, the shorter (Lifeguard's LHA-Suspicion). */
final class Suspicion {
    private static final int MOST_REMINDERS = 4;

    private final long shortest;
    private final long longest;
    private final int wanted;
    private final Set<NodeId> accusers = new LinkedHashSet<>();
    private long startedAt;
    private boolean hastened;
    private int reminders;

    Suspicion(SwimSettings settings, int members, NodeId accuser, long now) {
        shortest = SwimRules.shortestSuspicionNanos(settings, members);
        longest = SwimRules.longestSuspicionNanos(settings, members);
        wanted = SwimRules.confirmationsWanted(settings, members);
        accusers.add(accuser);
        startedAt = now;
    }

    /** @return whether this was news: another accuser, and one that still counts */
    boolean confirm(NodeId accuser) {
        return accusers.size() <= wanted && accusers.add(accuser);
    }

    /** Whether {@link #confirm} would be news. */
    boolean wouldConfirm(NodeId accuser) {
        return accusers.size() <= wanted && !accusers.contains(accuser);
    }

    /** When the accused is given up. */
    long endsAt() {
        long lasts = SwimRules.suspicionNanos(shortest, longest, wanted, accusers.size() - 1);
        return startedAt + (hastened ? Math.min(lasts, shortest) : lasts);
    }

    /** Whether the accused has had half of the shortest time to object. */
    boolean hasRunHalfOfShortest(long now) {
        return now - startedAt >= shortest / 2;
    }

    /** When the accused is to be told next. */
    long remindAt() {
        return startedAt + shortest / 2 + reminders * (shortest / 8);
    }

    boolean isFirstReminder() {
        return reminders == 0;
    }

    /** It was told; whether it is to be told once more: a few times in all. */
    boolean reminded() {
        return ++reminders < MOST_REMINDERS;
    }

    /** Somebody else's suspicion of it has run out: ours need not take as long. */
    void hasten() {
        hastened = true;
    }

    /** We were not there to hear an objection: the time begins again. */
    void restart(long now) {
        startedAt = now;
    }

    /** We may have missed objections for so long. */
    void postpone(long nanos) {
        startedAt += nanos;
    }

    int accusers() {
        return accusers.size();
    }
}
