package io.culvert.health.core;

import io.culvert.catalog.CheckStatus;
import io.culvert.health.CheckDefinition;

/**
 * How often in a row a check succeeded or failed. Consul's rule: a warning is a success, and below the threshold the old
 * state stays.
 */
record Streak(int successes, int failures) {
    /** Far above any threshold that makes sense; keeps the counters from overflowing. */
    private static final int MOST = 1 << 30;

    /** Before the first result both are as good as reached, so that it takes effect at once (consul#2970, #10864). */
    static final Streak BEFORE_FIRST_RESULT = new Streak(MOST, MOST);

    Streak after(ProbeResult result) {
        if (result.decisive()) {
            return result.status() == CheckStatus.CRITICAL ? new Streak(0, MOST) : new Streak(MOST, 0);
        }
        return result.status() == CheckStatus.CRITICAL
                ? new Streak(0, Math.min(MOST, failures + 1))
                : new Streak(Math.min(MOST, successes + 1), 0);
    }

    /** Whether a result of {@code status} that this streak already counts takes effect. */
    boolean suffices(CheckStatus status, CheckDefinition check) {
        return status == CheckStatus.CRITICAL
                ? failures >= check.failuresBeforeCritical()
                : successes >= check.successBeforePassing();
    }
}
