package io.culvert.gossip;

import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * How long to wait before the pool is asked for again: a second at first, twice as long after each round that nobody
 * answered, never longer than {@code longest}, and give or take a fifth, so that hosts that start together do not ask
 * together. It never gives up. Pure; confined to whoever owns it.
 */
final class JoinPace {
    private static final Duration FIRST = Duration.ofSeconds(1);
    private final long longestNanos;
    private final RandomGenerator random;
    private long nextNanos;

    /** @param longest between two rounds while nobody answers */
    JoinPace(Duration longest, RandomGenerator random) {
        this.longestNanos = longest.toNanos();
        this.random = random;
        this.nextNanos = Math.min(FIRST.toNanos(), longestNanos);
    }

    /** Nobody answered. */
    Duration afterSilence() {
        long wait = nextNanos;
        nextNanos = Math.min(2 * nextNanos, longestNanos);
        return scattered(wait);
    }

    /** Somebody answered, or was there already: until the next look around. */
    Duration inCompany() {
        nextNanos = Math.min(FIRST.toNanos(), longestNanos);
        return scattered(longestNanos);
    }

    private Duration scattered(long nanos) {
        return Duration.ofNanos(nanos * 4 / 5 + random.nextLong(nanos * 2 / 5));
    }
}
