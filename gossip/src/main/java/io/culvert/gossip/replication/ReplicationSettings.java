package io.culvert.gossip.replication;

import java.time.Duration;

/**
 * Waits and bounds of replication.
 *
 * @param resignAfter how often an owner signs again though nothing changed; heads older than {@code strangersYoungerThan}
 *     are not believed of strangers, so it must be much shorter
 * @param pullTimeout how long to wait for a datagram's answer before asking over a stream
 * @param unlistedAfter when an unreachable owner is no longer mentioned in comparisons
 * @param forgetAfter when an unreachable owner's content is dropped; a partition up to this long heals by itself
 * @param strangersYoungerThan how old the newest head of an owner may be that the membership does not know: breaks the
 *     circle in which two hosts bring the forgotten back to each other
 * @param bounds of tables
 */
public record ReplicationSettings(
        Duration resignAfter,
        Duration pullTimeout,
        Duration unlistedAfter,
        Duration forgetAfter,
        Duration strangersYoungerThan,
        Bounds bounds) {
    public static final ReplicationSettings DEFAULT = new ReplicationSettings(
            Duration.ofHours(6),
            Duration.ofSeconds(1),
            Duration.ofHours(36),
            Duration.ofHours(72),
            Duration.ofHours(48),
            new Bounds(4_096, 16L << 20, 4_096, 16L << 20, 1_024, 65_536));

    /**
     * @param strangers owners with content whom the membership does not know
     * @param strangersBytes of all their records together: anybody with the pool key can invent such owners
     * @param verifications heads whose signature is being checked
     * @param waitingBytes of what came with them, one complete record set over
     * @param pulls questions that are not answered yet
     * @param rumours owners with news to be told
     */
    public record Bounds(
            int strangers, long strangersBytes, int verifications, long waitingBytes, int pulls, int rumours) {
        public Bounds {
            positive("strangers", strangers);
            positive("bytes of strangers", strangersBytes);
            positive("verifications", verifications);
            positive("waiting bytes", waitingBytes);
            positive("pulls", pulls);
            positive("rumours", rumours);
        }

        private static void positive(String what, long value) {
            if (value < 1) {
                throw new IllegalArgumentException(
                        "replication bound of " + what + ": " + value + " (expected: at least 1)");
            }
        }
    }

    public ReplicationSettings {
        if (unlistedAfter.compareTo(forgetAfter) >= 0) {
            throw new IllegalArgumentException("unlisted after: " + unlistedAfter
                    + " (expected: less than forget after, " + forgetAfter + ", or the forgotten come back)");
        }
        if (resignAfter.multipliedBy(2).compareTo(strangersYoungerThan) > 0 || resignAfter.isNegative()) {
            throw new IllegalArgumentException("sign again after: " + resignAfter
                    + " (expected: at most half of the age at which strangers are refused, " + strangersYoungerThan
                    + ")");
        }
        if (strangersYoungerThan.compareTo(forgetAfter) >= 0) {
            throw new IllegalArgumentException("strangers younger than: " + strangersYoungerThan
                    + " (expected: less than forget after, " + forgetAfter + ", or the forgotten come back)");
        }
        if (pullTimeout.isNegative() || pullTimeout.isZero()) {
            throw new IllegalArgumentException("pull timeout: " + pullTimeout + " (expected: more than 0)");
        }
    }
}
