package io.culvert.gossip.membership;

import io.culvert.catalog.Liveness;

/**
 * What the pool believes of one incarnation of a member, in order of precedence: within the same incarnation a later one
 * overrides an earlier one and never the other way round.
 */
public enum Standing {
    ALIVE(Liveness.ALIVE),
    /** Did not answer somebody, and has time to object. */
    SUSPECT(Liveness.SUSPECT),
    /** Did not object in time. Final for this incarnation. */
    DEAD(Liveness.FAILED),
    /** Said goodbye itself, or was dead and given up by an operator. Final for this incarnation. */
    LEFT(Liveness.LEFT);

    private final Liveness liveness;

    Standing(Liveness liveness) {
        this.liveness = liveness;
    }

    public Liveness liveness() {
        return liveness;
    }

    /** Whether it takes part: is probed, told, counted. */
    public boolean isPresent() {
        return this == ALIVE || this == SUSPECT;
    }

    /** Suspicion passes by itself, so comparisons of whole tables take it for alive. */
    int settled() {
        return isPresent() ? ALIVE.ordinal() : ordinal();
    }
}
