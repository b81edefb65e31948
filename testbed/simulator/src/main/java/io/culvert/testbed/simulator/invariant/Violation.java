package io.culvert.testbed.simulator.invariant;

import java.time.Duration;

/** Something happened that must not: which invariant, when, what. */
public final class Violation extends AssertionError {
    private static final long serialVersionUID = 1;

    private final int invariant;

    Violation(int invariant, String sentence, long atNanos, String what) {
        super("invariant " + invariant + " at " + Duration.ofNanos(atNanos) + ": " + what + " (" + sentence + ")");
        this.invariant = invariant;
    }

    /** Its number in the list of the reference. */
    public int invariant() {
        return invariant;
    }
}
