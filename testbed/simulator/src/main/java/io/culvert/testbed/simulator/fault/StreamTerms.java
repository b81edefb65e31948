package io.culvert.testbed.simulator.fault;

/**
 * What one stream goes through for as long as it lives.
 *
 * @param resetAfter bytes from its opener after which both sides see it broken
 * @param swallowAfter bytes in each direction after which nothing arrives any more, and nobody is told
 * @param bytesPerSecond at which the called side reads
 */
public record StreamTerms(Opening opening, long resetAfter, long swallowAfter, long bytesPerSecond) {
    /** How the call goes. */
    public enum Opening {
        ACCEPTED,
        /** No answer, until the caller gives up. */
        TIMES_OUT,
        /** Stands, but the process behind it never reads nor writes. */
        HALF_OPEN
    }

    private static final long NEVER = Long.MAX_VALUE;

    public static final StreamTerms GOOD = new StreamTerms(Opening.ACCEPTED, NEVER, NEVER, NEVER);
    public static final StreamTerms UNREACHABLE = new StreamTerms(Opening.TIMES_OUT, NEVER, NEVER, NEVER);

    StreamTerms opening(Opening changed) {
        return opening == Opening.TIMES_OUT ? this : new StreamTerms(changed, resetAfter, swallowAfter, bytesPerSecond);
    }

    StreamTerms resetAfter(long bytes) {
        return new StreamTerms(opening, Math.min(resetAfter, bytes), swallowAfter, bytesPerSecond);
    }

    StreamTerms swallowAfter(long bytes) {
        return new StreamTerms(opening, resetAfter, Math.min(swallowAfter, bytes), bytesPerSecond);
    }

    StreamTerms slow(long changed) {
        return new StreamTerms(opening, resetAfter, swallowAfter, Math.min(bytesPerSecond, changed));
    }

    /** How long the called side takes to read so much. */
    public long nanosFor(int bytes) {
        return bytesPerSecond == NEVER ? 0 : bytes * 1_000_000_000L / bytesPerSecond;
    }
}
