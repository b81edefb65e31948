package io.culvert.proxy.tunnel;

import java.time.Duration;
import java.time.Instant;

/** How long a tunnel connection may be given new streams. Pure. */
final class ConnectionLife {
    /** A tenth to either side, so that connections made together are not made anew together. */
    private static final double JITTER = 0.1;

    /** The server refuses streams of a peer whose certificate has expired; its clock may be ahead of ours. */
    private static final Duration MARGIN = Duration.ofSeconds(30);

    private ConnectionLife() {}

    /**
     * As long as the settings say, and no longer than both certificates are in force; not negative.
     *
     * @param luck from 0 to below 1
     * @param expiry of the certificate that expires first
     */
    static Duration of(Duration longest, double luck, Instant now, Instant expiry) {
        Duration jittered = Duration.ofNanos((long) (longest.toNanos() * (1 - JITTER + 2 * JITTER * luck)));
        Duration left = Duration.between(now, expiry).minus(MARGIN);
        Duration life = left.compareTo(jittered) < 0 ? left : jittered;
        return life.isNegative() ? Duration.ZERO : life;
    }
}
