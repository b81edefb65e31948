package io.culvert.gossip.membership;

import io.culvert.catalog.NodeId;
import java.util.LinkedHashSet;
import java.util.Set;

/** One member's time to object. The more others say the same, the shorter (Lifeguard's LHA-Suspicion). */
final class Suspicion {
    private final long shortest;
    private final long longest;
    private final int wanted;
    private final Set<NodeId> accusers = new LinkedHashSet<>();
    private long startedAt;

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
