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

    boolean hasAccuser(NodeId accuser) {
        return accusers.contains(accuser);
    }

    /** Whether {@link #confirm} would be news. */
    boolean wouldConfirm(NodeId accuser) {
        return accusers.size() <= wanted && !accusers.contains(accuser);
    }

    /** Whether the accused has had half of the shortest time to object. */
    boolean hasRunHalfOfShortest(long now) {
        return now - startedAt >= shortest / 2;
    }

    /** Nanoseconds that the accused has in any case. */
    long shortest() {
        return shortest;
    }

    boolean isFirstReminder() {
        return reminders == 0;
    }

    /** Whether the accused is to be told once more; a few times in all. */
    boolean mayRemind() {
        return ++reminders < MOST_REMINDERS;
    }

    /** When the accused is given up. */
    long endsAt() {
        return startedAt + SwimRules.suspicionNanos(shortest, longest, wanted, accusers.size() - 1);
    }

    /** We were not there to hear an objection: the time begins again. */
    void restart(long now) {
        startedAt = now;
    }

    int accusers() {
        return accusers.size();
    }
}
