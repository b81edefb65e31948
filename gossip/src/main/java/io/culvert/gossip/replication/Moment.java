package io.culvert.gossip.replication;

/**
 * Now, on both clocks.
 *
 * @param nanos monotonic, for waits
 * @param wallSeconds since 1970, for the stamp of a head only
 */
public record Moment(long nanos, long wallSeconds) {
    private static final long SECONDS_AN_HOUR = 3_600;

    long wallHours() {
        return Math.max(0, wallSeconds / SECONDS_AN_HOUR);
    }
}
