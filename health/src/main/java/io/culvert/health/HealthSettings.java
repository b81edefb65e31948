package io.culvert.health;

import java.nio.file.Path;

/**
 * Limits of the checks of one agent.
 *
 * @param scriptThreads scripts that run at the same time, 1 to 64; more of them wait their turn. A thread is only there
 *     while scripts run. More threads: slow scripts delay others less; fewer: a smaller peak of processes
 * @param scriptDirectory working directory of scripts that name none; absolute
 */
public record HealthSettings(int scriptThreads, Path scriptDirectory) {
    /** Enough that a few hanging scripts do not hold up the others. */
    public static final int DEFAULT_SCRIPT_THREADS = 8;

    private static final int MOST_SCRIPT_THREADS = 64;

    public HealthSettings {
        if (scriptThreads < 1 || scriptThreads > MOST_SCRIPT_THREADS) {
            throw new IllegalArgumentException(
                    "script threads: " + scriptThreads + " (expected: 1 to " + MOST_SCRIPT_THREADS + ")");
        }
        if (!scriptDirectory.isAbsolute()) {
            throw new IllegalArgumentException(
                    "script directory: '" + scriptDirectory + "' (expected: an absolute path)");
        }
    }

    public static HealthSettings defaults(Path scriptDirectory) {
        return new HealthSettings(DEFAULT_SCRIPT_THREADS, scriptDirectory);
    }
}
