package io.culvert.gossip.membership;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Settings that are allowed and yet dangerous in a pool of some size, each with the reason and the way out. What can never
 * work is refused by {@link SwimSettings} itself.
 */
public final class SwimAdvice {
    /** Loss that a rumour should survive; networks that are worse are rare and have comparisons. */
    private static final double LOSS = 0.1;
    /** From the arithmetic of content: one change an instance and hour, ten instances, 140 bytes, six copies. */
    private static final double BYTES_A_SECOND_A_MEMBER = 2.4;

    private static final int PACKET_BYTES = 1_200;
    private static final Duration LONGEST_COMPARISON = Duration.ofMinutes(5);
    private static final Duration SHORTEST_MEMORY = Duration.ofHours(24);

    private final SwimSettings settings;
    private final int members;
    private final List<String> warnings = new ArrayList<>();

    private SwimAdvice(SwimSettings settings, int members) {
        this.settings = settings;
        this.members = Math.max(1, members);
    }

    /** What is dangerous about {@code settings} in a pool of {@code members}; empty when nothing is. */
    public static List<String> warnings(SwimSettings settings, int members) {
        SwimAdvice advice = new SwimAdvice(settings, members);
        advice.lookAtProbes();
        advice.lookAtSuspicion();
        advice.lookAtSpread();
        advice.lookAtBudget();
        advice.lookAtMemory();
        return List.copyOf(advice.warnings);
    }

    private void lookAtProbes() {
        SwimSettings.Probe probe = settings.probe();
        if (probe.timeout().multipliedBy(4).compareTo(probe.interval().multipliedBy(3)) > 0) {
            warn(
                    "probe timeout " + text(probe.timeout())
                            + " leaves helpers and the stream less than a quarter of the" + " probe interval, "
                            + text(probe.interval()),
                    "a timeout of at most three quarters of the interval");
        }
        if (probe.helpers() == 0) {
            warn("no helpers: one lost packet between two hosts makes a suspect", "1 to 3 probe helpers");
        }
        if (probe.maxHealthScore() == 0) {
            warn(
                    "greatest health score 0: a host that is slow itself accuses the others (Lifeguard's part is off)",
                    "a greatest health score of 7");
        }
    }

    private void lookAtSuspicion() {
        SwimSettings.Suspicion suspicion = settings.suspicion();
        if (suspicion.multiplier() < 3) {
            warn(
                    "suspicion multiplier " + suspicion.multiplier() + ": nobody's confirmation counts, so that every"
                            + " suspicion is as short as it may be (Lifeguard's part is off)",
                    "a multiplier of 3 or more");
        }
        if (suspicion.maxMultiplier() < 2) {
            warn(
                    "greatest suspicion multiplier " + suspicion.maxMultiplier() + ": a slow host has no more time than"
                            + " others to hear objections",
                    "a greatest multiplier of 6");
        }
        long twice = 2 * everybodyToldNanos();
        long shortest = SwimRules.shortestSuspicionNanos(settings, members);
        if (twice > shortest) {
            warn(
                    "an accusation and its refutation take about " + text(Duration.ofNanos(twice))
                            + " to spread, longer" + " than the shortest suspicion, "
                            + text(Duration.ofNanos(shortest)),
                    "a shorter gossip interval, more fanout, or a larger suspicion multiplier");
        }
    }

    /** Twice the time until half is told: a = interval / (fanout * (1 - loss)); everybody after 2 * a * ln n. */
    private long everybodyToldNanos() {
        SwimSettings.Spread spread = settings.spread();
        double step = spread.interval().toNanos() / (spread.fanout() * (1 - LOSS));
        return (long) (2 * step * StrictMath.log(Math.max(2, members)));
    }

    private void lookAtSpread() {
        SwimSettings.Spread spread = settings.spread();
        int copies = SwimRules.copies(spread.copiesMultiplier(), members);
        double missed = members * StrictMath.exp(-copies * (1 - LOSS));
        if (missed > 1) {
            warn(
                    "copies multiplier " + spread.copiesMultiplier() + " repeats a rumour " + copies + " times; of "
                            + members + " members about " + StrictMath.round(missed)
                            + " miss it and wait for a comparison of tables",
                    "a copies multiplier of " + enoughCopies());
        }
        if (spread.toTheDead().compareTo(spread.interval().multipliedBy(5)) < 0) {
            warn(
                    "the dead are told for " + text(spread.toTheDead())
                            + " only: who is alive and was given up learns of it late",
                    "at least five gossip intervals");
        }
        if (spread.antiEntropyInterval().compareTo(LONGEST_COMPARISON) > 0) {
            warn(
                    "anti-entropy interval " + text(spread.antiEntropyInterval())
                            + ": what a rumour missed is out of date for so long",
                    "at most " + text(LONGEST_COMPARISON));
        }
    }

    private int enoughCopies() {
        int multiplier = 1;
        while (members * StrictMath.exp(-SwimRules.copies(multiplier, members) * (1 - LOSS)) > 1) {
            multiplier++;
        }
        return multiplier;
    }

    private void lookAtBudget() {
        SwimSettings.Budget budget = settings.spread().budget();
        long needed = StrictMath.round(BYTES_A_SECOND_A_MEMBER * members);
        if (budget.bytesPerSecond() < needed) {
            warn(
                    budget.bytesPerSecond() + " gossip bytes per second: " + members + " members with ten services each"
                            + " need about " + needed + ", or news waits for comparisons of tables",
                    "at least " + needed);
        }
        int tick = settings.spread().fanout() * PACKET_BYTES;
        if (budget.burstBytes() < tick) {
            warn(
                    budget.burstBytes() + " gossip burst bytes are less than one full packet for each of "
                            + settings.spread().fanout() + " listeners",
                    "at least " + tick);
        }
    }

    private void lookAtMemory() {
        SwimSettings.Keeping keeping = settings.keeping();
        if (keeping.forgetAfter().compareTo(SHORTEST_MEMORY) < 0) {
            warn(
                    "the dead are forgotten after " + text(keeping.forgetAfter())
                            + ": a cut of the network that lasts longer does not heal by itself",
                    "72 hours");
        }
        if (members > keeping.mostMembers()) {
            warn(
                    "a table of " + keeping.mostMembers() + " members is too small for " + members,
                    "twice the size of the pool");
        }
    }

    private void warn(String danger, String advice) {
        warnings.add(danger + " (advised: " + advice + ")");
    }

    private static String text(Duration duration) {
        long millis = duration.toMillis();
        return millis % 1_000 == 0 ? millis / 1_000 + " s" : millis + " ms";
    }
}
