package io.culvert.health;

import io.culvert.catalog.CheckStatus;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * Where a check stands.
 *
 * @param output of the result in force, cut to the size that its definition allows
 * @param since when this status was entered
 * @param lastRun start of the last run or time of the last report; empty until there was one. A status that was kept
 *     over a restart brings its own along
 * @param lastDuration of the last run; zero where nothing runs
 */
public record CheckResult(
        CheckStatus status, String output, Instant since, Optional<Instant> lastRun, Duration lastDuration) {}
