package io.culvert.gossip.membership;

import org.jspecify.annotations.Nullable;

/**
 * One sick host cannot accuse the pool: of each accuser only so many new accusations a second are believed (consul #5567
 * shows what happens otherwise). Honest accusers stay far below: they probe one member in each interval.
 *
 * <p>Each member's allowance lives and dies with its row in the table. All who are not in the table, or gone from it,
 * share a single one: accusers can be invented, members cannot without a key of their own.
 */
final class AccusationLimiter {
    private static final double PER_SECOND = 5;
    private static final double BURST = 20;

    private final TokenBucket strangers = new TokenBucket(PER_SECOND, BURST, 0);

    /** @param accuser null when it is not in the table */
    boolean allows(@Nullable Member accuser, long now) {
        if (accuser == null || !accuser.standing.isPresent()) {
            return strangers.tryTake(1, now);
        }
        TokenBucket allowance = accuser.accusations;
        if (allowance == null) {
            allowance = new TokenBucket(PER_SECOND, BURST, now);
            accuser.accusations = allowance;
        }
        return allowance.tryTake(1, now);
    }
}
