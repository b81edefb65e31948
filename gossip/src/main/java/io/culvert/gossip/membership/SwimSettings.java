package io.culvert.gossip.membership;

import java.time.Duration;

/**
 * How fast the pool notices and how much it talks. The presets are memberlist's, whose behaviour at scale is known.
 *
 * @param probe how one member watches another
 * @param suspicion how long the accused has to answer
 * @param spread how news travels
 * @param keeping how long the gone are remembered
 */
public record SwimSettings(Probe probe, Suspicion suspicion, Spread spread, Keeping keeping) {
    // Ten thousand agents with ten instances each, of which each changes once an hour, take 25 KB/s, and restarting all
    // of
    // them within the hour another 25: what is more than both is a flood.
    private static final Budget BUDGET = new Budget(60_000, 256_000);
    private static final Keeping THREE_DAYS = new Keeping(Duration.ofHours(72), Duration.ofHours(36));

    /**
     * @param interval one member is probed in each; also the deadline of the whole probe. Shorter finds the dead sooner
     *     and costs packets
     * @param timeout how long to wait for the direct answer; about the 99th percentile of the round trip, shorter than
     *     the interval, or there is no time left to ask helpers
     * @param helpers how many others are asked to try
     * @param maxHealthScore worst score of the own health; waits grow with score + 1
     */
    public record Probe(Duration interval, Duration timeout, int helpers, int maxHealthScore) {
        public Probe {
            atLeast("probe interval", interval, Duration.ofMillis(10));
            atLeast("probe timeout", timeout, Duration.ofMillis(1));
            if (timeout.compareTo(interval) >= 0) {
                throw new IllegalArgumentException("probe timeout: " + timeout
                        + " (expected: less than the probe interval, " + interval + ", or helpers are never asked)");
            }
            inRange("probe helpers", helpers, 0, 16);
            inRange("greatest health score", maxHealthScore, 0, 16);
        }
    }

    /**
     * @param multiplier of {@code log10(members) * probe interval}: the shortest suspicion; below 3 nobody's
     *     confirmation counts, so that Lifeguard's part is off
     * @param maxMultiplier of the shortest: the longest suspicion, kept while nobody confirms
     */
    public record Suspicion(int multiplier, int maxMultiplier) {
        public Suspicion {
            inRange("suspicion multiplier", multiplier, 1, 32);
            inRange("greatest suspicion multiplier", maxMultiplier, 1, 32);
        }
    }

    /**
     * @param interval between two gossip ticks
     * @param fanout members told in each tick
     * @param copiesMultiplier of {@code ceil(log10(members + 1))}: how often one member repeats a rumour
     * @param antiEntropyInterval between two full comparisons with a random member, give or take a fifth
     * @param toTheDead how long the dead are still told, so that they can object
     * @param budget of all rumours together
     */
    public record Spread(
            Duration interval,
            int fanout,
            int copiesMultiplier,
            Duration antiEntropyInterval,
            Duration toTheDead,
            Budget budget) {
        public Spread {
            atLeast("gossip interval", interval, Duration.ofMillis(5));
            inRange("gossip fanout", fanout, 1, 32);
            inRange("copies multiplier", copiesMultiplier, 1, 32);
            atLeast("anti-entropy interval", antiEntropyInterval, Duration.ofMillis(50));
            atLeast("gossip to the dead", toTheDead, Duration.ZERO);
        }
    }

    /** A token bucket: {@code bytesPerSecond} flow in, {@code burstBytes} fit in. */
    public record Budget(int bytesPerSecond, int burstBytes) {
        public Budget {
            inRange("gossip bytes per second", bytesPerSecond, 2_000, 100_000_000);
            inRange("gossip burst bytes", burstBytes, 2_000, 100_000_000);
        }
    }

    /**
     * @param forgetAfter how long a dead member and its content are kept; a partition up to this long heals by itself
     * @param unlistedAfter when the dead are no longer mentioned in comparisons
     * @param mostMembers rows of the member table: anybody with the pool's key can invent members, each costs about 600
     *     bytes and a place in the round of probes
     */
    public record Keeping(Duration forgetAfter, Duration unlistedAfter, int mostMembers) {
        /** Three times the largest pool that was measured; as many sessions are remembered. */
        public static final int MOST_MEMBERS = 65_536;

        public Keeping(Duration forgetAfter, Duration unlistedAfter) {
            this(forgetAfter, unlistedAfter, MOST_MEMBERS);
        }

        public Keeping {
            inRange("most members", mostMembers, 2, 1 << 20);
            atLeast("forget after", forgetAfter, Duration.ofMinutes(1));
            if (unlistedAfter.compareTo(forgetAfter) >= 0) {
                throw new IllegalArgumentException("unlisted after: " + unlistedAfter
                        + " (expected: less than forget after, " + forgetAfter + ", or the forgotten come back)");
            }
        }
    }

    public SwimSettings {
        if (spread.interval().compareTo(probe.interval()) > 0) {
            throw new IllegalArgumentException("gossip interval: " + spread.interval()
                    + " (expected: at most the probe interval, " + probe.interval()
                    + ", or accusations outrun their refutations)");
        }
    }

    /** For a data centre: a dead host is noticed within ten seconds or so. */
    public static SwimSettings lan() {
        return new SwimSettings(
                new Probe(Duration.ofSeconds(1), Duration.ofMillis(500), 3, 7),
                new Suspicion(4, 6),
                spread(Duration.ofMillis(200), 3, 4, Duration.ofSeconds(10), Duration.ofSeconds(30)),
                THREE_DAYS);
    }

    /** For hosts on several continents: five times more patient. */
    public static SwimSettings wan() {
        return new SwimSettings(
                new Probe(Duration.ofSeconds(5), Duration.ofSeconds(3), 3, 7),
                new Suspicion(6, 6),
                spread(Duration.ofMillis(500), 4, 4, Duration.ofSeconds(20), Duration.ofSeconds(60)),
                THREE_DAYS);
    }

    /** For several agents on one machine. */
    public static SwimSettings local() {
        return new SwimSettings(
                new Probe(Duration.ofSeconds(1), Duration.ofMillis(200), 1, 7),
                new Suspicion(3, 6),
                // One copy more than memberlist's: on one machine they cost nothing, and few members miss a rumour.
                spread(Duration.ofMillis(100), 3, 3, Duration.ofSeconds(5), Duration.ofSeconds(15)),
                THREE_DAYS);
    }

    private static Spread spread(
            Duration interval, int fanout, int copiesMultiplier, Duration antiEntropy, Duration toTheDead) {
        return new Spread(interval, fanout, copiesMultiplier, antiEntropy, toTheDead, BUDGET);
    }

    private static void atLeast(String what, Duration value, Duration least) {
        if (value.compareTo(least) < 0) {
            throw new IllegalArgumentException(what + ": " + value + " (expected: at least " + least + ")");
        }
    }

    private static void inRange(String what, int value, int least, int most) {
        if (value < least || value > most) {
            throw new IllegalArgumentException(what + ": " + value + " (expected: " + least + " to " + most + ")");
        }
    }
}
