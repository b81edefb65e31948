package io.culvert.health;

import io.culvert.catalog.CheckStatus;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * A check's state as it is kept over a restart of the agent.
 *
 * @param fingerprint of the definition that it was found with; another definition keeps only the status and the output,
 *     until its own first result
 * @param successes consecutive ones so far
 * @param failures consecutive ones so far
 */
public record RestoredStatus(
        String fingerprint,
        CheckStatus status,
        String output,
        Instant since,
        Optional<Instant> lastRun,
        Duration lastDuration,
        int successes,
        int failures) {}
