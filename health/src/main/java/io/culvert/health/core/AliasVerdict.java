package io.culvert.health.core;

import io.culvert.catalog.CheckStatus;
import java.util.List;

/**
 * What the target of an alias comes to.
 *
 * @param found whether the target exists at all
 */
record AliasVerdict(boolean found, CheckStatus status, String output) {
    /** A check of the target. */
    record Seen(String name, CheckStatus status, String output) {}

    static AliasVerdict missing(String output) {
        return new AliasVerdict(false, CheckStatus.CRITICAL, output);
    }

    /** The worst of them, with the text of the first that is as bad; the words are Consul's. */
    static AliasVerdict worstOf(List<Seen> checks) {
        AliasVerdict worst = new AliasVerdict(
                true, CheckStatus.PASSING, checks.isEmpty() ? "No checks found." : "All checks passing.");
        for (Seen seen : checks) {
            if (seen.status().compareTo(worst.status) > 0) {
                String output = "Aliased check \"" + seen.name() + "\" failing: " + seen.output();
                worst = new AliasVerdict(true, seen.status(), output);
            }
        }
        return worst;
    }
}
