package io.culvert.agent.config;

import io.culvert.gossip.membership.SwimSettings;
import java.time.Duration;

/**
 * The pool's timing: a preset, and single settings that change it. What is out of bounds or contradicts another is refused
 * where it stands, and a value that fits is taken instead, so that the rest can be checked too.
 */
final class TimingBuilder {
    private static final Duration DAY = Duration.ofDays(1);

    private final SettingValues values;
    private final SwimSettings preset;

    TimingBuilder(SettingValues values, SwimSettings preset) {
        this.values = values;
        this.preset = preset;
    }

    SwimSettings build() {
        SwimSettings.Probe probe = probe();
        return new SwimSettings(probe, suspicion(), spread(probe), keeping());
    }

    private SwimSettings.Probe probe() {
        Duration interval = values.duration(
                "gossip.probe_interval",
                preset.probe().interval(),
                new SettingValues.Span(Duration.ofMillis(100), Duration.ofMinutes(1)));
        Duration timeout = values.duration(
                "gossip.probe_timeout",
                preset.probe().timeout(),
                new SettingValues.Span(Duration.ofMillis(10), Duration.ofSeconds(30)));
        if (timeout.compareTo(interval) >= 0) {
            contradict(
                    "gossip.probe_timeout",
                    "gossip.probe_interval",
                    Durations.format(timeout) + " is not shorter than " + Durations.format(interval)
                            + ": no time is left to ask others (expected: about half of it)");
            timeout = interval.dividedBy(2);
        }
        int helpers = values.integer("gossip.indirect_checks", preset.probe().helpers());
        return new SwimSettings.Probe(interval, timeout, helpers, preset.probe().maxHealthScore());
    }

    private SwimSettings.Suspicion suspicion() {
        return new SwimSettings.Suspicion(
                values.integer("gossip.suspicion_mult", preset.suspicion().multiplier()),
                values.integer(
                        "gossip.suspicion_max_timeout_mult", preset.suspicion().maxMultiplier()));
    }

    private SwimSettings.Spread spread(SwimSettings.Probe probe) {
        Duration interval = values.duration(
                "gossip.gossip_interval",
                preset.spread().interval(),
                new SettingValues.Span(Duration.ofMillis(10), Duration.ofSeconds(10)));
        if (interval.compareTo(probe.interval()) > 0) {
            contradict(
                    "gossip.gossip_interval",
                    "gossip.probe_interval",
                    Durations.format(interval) + " is longer than " + Durations.format(probe.interval())
                            + ": accusations would outrun their refutations (expected: a fifth of it)");
            interval = probe.interval().dividedBy(5);
        }
        return new SwimSettings.Spread(
                interval,
                values.integer("gossip.gossip_nodes", preset.spread().fanout()),
                values.integer("gossip.retransmit_mult", preset.spread().copiesMultiplier()),
                values.duration(
                        "gossip.anti_entropy_interval",
                        preset.spread().antiEntropyInterval(),
                        new SettingValues.Span(Duration.ofSeconds(1), Duration.ofMinutes(10))),
                values.duration(
                        "gossip.gossip_to_the_dead_time",
                        preset.spread().toTheDead(),
                        new SettingValues.Span(Duration.ZERO, Duration.ofHours(1))),
                budget());
    }

    private SwimSettings.Budget budget() {
        SwimSettings.Budget known = preset.spread().budget();
        int flow = values.integer("gossip.budget", known.bytesPerSecond());
        int burst = values.integer("gossip.budget_burst", Math.max(flow, known.burstBytes()));
        if (burst < flow) {
            contradict(
                    "gossip.budget_burst",
                    "gossip.budget",
                    burst + " is less than the " + flow + " of one second (expected: several seconds' worth)");
            burst = flow;
        }
        return new SwimSettings.Budget(flow, burst);
    }

    private SwimSettings.Keeping keeping() {
        Duration forget = values.duration(
                "gossip.forget_after",
                preset.keeping().forgetAfter(),
                new SettingValues.Span(Duration.ofHours(1), DAY.multipliedBy(365)));
        return new SwimSettings.Keeping(forget, forget.dividedBy(2));
    }

    /** Said at whichever of the two is written: a default has no line. */
    private void contradict(String path, String other, String what) {
        boolean mine = values.given(path);
        values.refuse(mine ? path : other, what(path, other, mine) + what);
    }

    private String what(String path, String other, boolean mine) {
        return mine ? "with '" + other + "'" + origin(other) + ", " : "with '" + path + "'" + origin(path) + ", ";
    }

    private String origin(String path) {
        return values.given(path) ? "" : " of the preset";
    }
}
