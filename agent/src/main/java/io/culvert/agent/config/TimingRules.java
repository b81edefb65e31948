package io.culvert.agent.config;

import io.culvert.gossip.membership.SwimRules;
import io.culvert.gossip.membership.SwimSettings;
import java.time.Duration;

/** Warns of timing that a pool can live with but that costs what people do not expect. Presets draw no warning. */
final class TimingRules {
    /** A pool of a size at which the costs show. */
    private static final int MANY = 1_000;
    /** Collections of garbage, snapshots of virtual machines: pauses that a healthy host has. */
    private static final Duration USUAL_PAUSE = Duration.ofSeconds(2);

    private static final Duration SLOW_NEWS = Duration.ofSeconds(5);
    private static final Duration THREE_DAYS = Duration.ofHours(72);

    private final SettingValues values;
    private final SwimSettings timing;

    private TimingRules(SettingValues values, SwimSettings timing) {
        this.values = values;
        this.timing = timing;
    }

    static void check(SettingValues values, SwimSettings timing) {
        TimingRules rules = new TimingRules(values, timing);
        rules.probes();
        rules.suspicions();
        rules.news();
        rules.keeping();
    }

    private void probes() {
        Duration interval = timing.probe().interval();
        Duration timeout = timing.probe().timeout();
        if (timeout.multipliedBy(5).compareTo(interval.multipliedBy(4)) > 0) {
            warn(
                    "less than a fifth of 'probe_interval' is left for helpers and the stream after 'probe_timeout': one lost"
                            + " datagram may accuse a healthy host",
                    "gossip.probe_timeout",
                    "gossip.probe_interval");
        }
        if (timing.probe().helpers() == 0) {
            warn(
                    "nobody else tries a host that does not answer: a fault between two hosts accuses both",
                    "gossip.indirect_checks");
        }
        if (interval.compareTo(Duration.ofMillis(200)) < 0) {
            warn(
                    "every host sends " + 1_000 / Math.max(1, interval.toMillis())
                            + " probes a second or more, and a pause as short as that counts as one",
                    "gossip.probe_interval");
        }
    }

    private void suspicions() {
        if (timing.suspicion().multiplier() < 3) {
            warn(
                    "below 3 nobody's confirmation counts, so that a slow host accuses as quickly as a healthy one",
                    "gossip.suspicion_mult");
        }
        if (timing.suspicion().maxMultiplier() == 1) {
            warn(
                    "an unconfirmed suspicion ends as soon as a confirmed one, so that a slow host accuses as quickly as a"
                            + " healthy one",
                    "gossip.suspicion_max_timeout_mult");
        }
        Duration shortest = Duration.ofNanos(SwimRules.shortestSuspicionNanos(timing, 1));
        if (shortest.compareTo(USUAL_PAUSE) < 0) {
            warn(
                    "a host has only " + Durations.format(shortest)
                            + " to object before it is held to have failed (expected: 2s or more)",
                    "gossip.suspicion_mult",
                    "gossip.probe_interval");
        }
    }

    private void news() {
        Duration spread = spreadNinetyNine();
        if (spread.compareTo(SLOW_NEWS) > 0) {
            warn(
                    "news needs about " + spread.toSeconds() + "s to reach 99 of 100 hosts in a pool of " + MANY,
                    "gossip.gossip_interval",
                    "gossip.gossip_nodes");
        }
        if (timing.spread().copiesMultiplier() < 2) {
            warn(
                    "many hosts miss a change and hear of it only by comparison, after 'anti_entropy_interval'",
                    "gossip.retransmit_mult");
        }
        if (timing.spread().antiEntropyInterval().compareTo(Duration.ofSeconds(60)) > 0) {
            warn("who missed a change may go without it for minutes", "gossip.anti_entropy_interval");
        }
        if (timing.spread().budget().bytesPerSecond() < 10_000) {
            warn("changes wait in line when many hosts restart at once (expected: 10000 or more)", "gossip.budget");
        }
    }

    /** Time until 99 % of many hosts know, without loss: a * (ln n + 4.6) with a = interval / fan-out. */
    private Duration spreadNinetyNine() {
        double a =
                (double) timing.spread().interval().toNanos() / timing.spread().fanout();
        return Duration.ofNanos((long) (a * (StrictMath.log(MANY) + 4.6)));
    }

    private void keeping() {
        if (timing.spread().toTheDead().compareTo(Duration.ofSeconds(5)) < 0) {
            warn(
                    "a host that was given up by mistake hears of it late, and cannot object",
                    "gossip.gossip_to_the_dead_time");
        }
        if (timing.keeping().forgetAfter().compareTo(THREE_DAYS) < 0) {
            warn(
                    "halves of a pool that were apart for longer do not find together again by themselves",
                    "gossip.forget_after");
        }
    }

    /** Said at the first of the paths that is written; not at all when none is. */
    private void warn(String message, String... paths) {
        for (String path : paths) {
            if (values.given(path)) {
                values.warn(path, message);
                return;
            }
        }
    }
}
