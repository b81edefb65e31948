package io.culvert.health.core;

import io.culvert.catalog.CheckStatus;

/**
 * What one run found.
 *
 * @param decisive takes effect whatever the thresholds say: a script that had to be killed (Consul does the same)
 */
public record ProbeResult(CheckStatus status, String output, boolean decisive) {
    public static ProbeResult of(CheckStatus status, String output) {
        return new ProbeResult(status, output, false);
    }

    public static ProbeResult critical(String output) {
        return of(CheckStatus.CRITICAL, output);
    }
}
