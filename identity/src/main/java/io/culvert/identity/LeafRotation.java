package io.culvert.identity;

import java.time.Duration;
import java.time.Instant;
import java.util.random.RandomGenerator;

/**
 * When a certificate is to be renewed. Immutable and pure: the caller looks, acts on what {@link #look} says, tells the
 * outcome, and looks again no later than it was told.
 *
 * <p>A renewal is due at a random point between half and seven tenths of the certificate's life, so that the hosts of a
 * mesh do not ask all at once and a server may be away for a third of the life before anything expires. After a failure
 * it is tried again with doubling, jittered waits.
 *
 * @param renewAt when the next attempt is due
 * @param failures attempts since the last success
 * @param longestWait bound of the wait between attempts: a twentieth of the life, so that even a certificate that lives
 *     for minutes is tried for many times
 */
public record LeafRotation(Instant renewAt, int failures, Duration longestWait) {
    /** The first wait after a failure. */
    static final Duration FIRST_WAIT = Duration.ofSeconds(1);

    /** Longest wait between attempts, whatever the life. */
    static final Duration LONGEST_WAIT = Duration.ofMinutes(5);

    /** The wall clock may step and hosts may sleep: never trust a computed wait for longer than this. */
    static final Duration LONGEST_LOOK = Duration.ofMinutes(10);

    private static final double EARLIEST = 0.5;
    private static final double LATEST = 0.7;
    private static final int LIFE_PARTS = 20;
    private static final int MOST_DOUBLINGS = 16;

    /**
     * What to do.
     *
     * @param renew whether to ask for a new certificate now
     * @param again how long nothing more can become due
     */
    public record Look(boolean renew, Duration again) {}

    /** There is no certificate yet: due at once. */
    public static LeafRotation missing(Instant now) {
        return new LeafRotation(now, 0, LONGEST_WAIT);
    }

    /** A certificate of this life was obtained. */
    public static LeafRotation of(Instant notBefore, Instant notAfter, RandomGenerator random) {
        Duration life = Duration.between(notBefore, notAfter);
        double part = EARLIEST + (LATEST - EARLIEST) * random.nextDouble();
        Duration longest = atMost(atLeast(life.dividedBy(LIFE_PARTS), FIRST_WAIT), LONGEST_WAIT);
        return new LeafRotation(notBefore.plusMillis((long) (life.toMillis() * part)), 0, longest);
    }

    public Look look(Instant now) {
        // A wait after a failure that became longer than any is a clock that was set back.
        boolean setBack = failures > 0 && Duration.between(now, renewAt).compareTo(longestWait) > 0;
        if (!now.isBefore(renewAt) || setBack) {
            return new Look(true, atMost(longestWait, LONGEST_LOOK));
        }
        return new Look(false, atMost(Duration.between(now, renewAt), LONGEST_LOOK));
    }

    /** The attempt failed: the next one is due after a wait of between half and the whole of the doubled one. */
    public LeafRotation failed(Instant now, RandomGenerator random) {
        Duration doubled = FIRST_WAIT.multipliedBy(1L << Math.min(failures, MOST_DOUBLINGS));
        long whole = atMost(doubled, longestWait).toMillis();
        long wait = whole / 2 + random.nextLong(whole / 2 + 1);
        return new LeafRotation(now.plusMillis(wait), failures + 1, longestWait);
    }

    /** The same, due at {@code now}: there is reason to believe that an attempt would succeed. */
    public LeafRotation dueAt(Instant now) {
        return new LeafRotation(now, failures, longestWait);
    }

    private static Duration atMost(Duration value, Duration bound) {
        return value.compareTo(bound) > 0 ? bound : value;
    }

    private static Duration atLeast(Duration value, Duration bound) {
        return value.compareTo(bound) < 0 ? bound : value;
    }
}
