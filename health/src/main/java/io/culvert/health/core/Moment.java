package io.culvert.health.core;

import java.time.Duration;
import java.time.Instant;

/**
 * One moment on both clocks.
 *
 * @param nanos monotonic; what delays are computed from
 * @param wall what people are shown
 */
public record Moment(long nanos, Instant wall) {
    Duration since(Moment earlier) {
        return Duration.ofNanos(nanos - earlier.nanos);
    }
}
