package io.culvert.testbed.simulator;

import io.culvert.gossip.membership.SwimSettings;
import java.io.PrintStream;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * {@code testbed/bench/gossip-simulated [--members N,N,...] [--seed S]}: the figures of simulated pools beside what theory
 * says and what is aimed at. Virtual time: the same seed gives the same figures on any machine.
 */
public final class Figures {
    private static final double[] LOSSES = {0, 0.1, 0.25};
    private static final Duration HOUR = Duration.ofHours(1);
    private static final int INSTANCES_A_HOST = 10;
    // A pool of this size lives through its hour in some minutes; a larger one would take hours.
    private static final int MOST_FOR_AN_HOUR = 1_000;

    // A host that gets a few per cent of a processor: some twenty-five events a second come, fifty can be served.
    private static final Duration STARVED_EVENT = Duration.ofMillis(20);

    private final PrintStream out;
    private final long seed;

    private Figures(PrintStream out, long seed) {
        this.out = out;
        this.seed = seed;
    }

    /** Prints; exit code 2 for options it does not know. */
    public static void main(String[] arguments) {
        List<Integer> sizes = List.of(100, 1_000);
        long seed = 1;
        for (int i = 0; i < arguments.length; i += 2) {
            String value = i + 1 < arguments.length ? arguments[i + 1] : "";
            switch (arguments[i]) {
                case "--members" ->
                    sizes = Arrays.stream(value.split(","))
                            .map(Integer::valueOf)
                            .toList();
                case "--seed" -> seed = Long.parseLong(value);
                default -> {
                    System.err.println(
                            "unknown option '" + arguments[i] + "' (expected: --members N,N,... or --seed S)");
                    System.exit(2);
                }
            }
        }
        Figures figures = new Figures(System.out, seed);
        figures.say("Simulated pools, seed %d, delays 0.1 to 2 ms, settings of a data centre. Times in seconds;", seed);
        figures.say("'model' is an unsynchronised push of SWIM's formulas, 'aim' what is to be reached.");
        for (int members : sizes) {
            Capacity.refusal(members)
                    .ifPresentOrElse(why -> figures.say("%nnot measured: %s", why), () -> figures.of(members));
        }
    }

    private void say(String line, Object... values) {
        out.printf(Locale.ROOT, line + "%n", values);
    }

    private void of(int members) {
        Progress progress = new Progress(System.err);
        Measurements pool = new Measurements(seed, members, progress);
        say("%n%,d members", members);
        double joined = pool.join(Duration.ofSeconds(5)).toNanos() / 1e9;
        tell(progress, "join from cold, all started within 5 s      %6.1f%s", joined, aim(members >= 10_000, "60"));
        pool.settle();
        for (double loss : LOSSES) {
            pool.loss(loss);
            spread(pool, members, loss, progress);
        }
        pool.loss(0.1);
        traffic(pool, members, progress);
        pool.loss(0);
        detection(pool, members, progress);
        if (members <= MOST_FOR_AN_HOUR) {
            removals(members);
        } else {
            say("false removals in an hour: not measured at this size, an hour of it would take hours");
        }
    }

    private void tell(Progress progress, String line, Object... values) {
        progress.done();
        say(line, values);
    }

    private static String aim(boolean holds, String aim) {
        return holds ? "   aim: <= " + aim : "";
    }

    private void spread(Measurements pool, int members, double loss, Progress progress) {
        int changes = members > 2_000 ? 5 : 30;
        Measurements.Spread spread = pool.spread(changes);
        Model model = new Model(SwimSettings.lan(), members, loss);
        tell(
                progress,
                "a health change at %2.0f %% loss (median of %d)   50 %%: %.2f (model %.2f)   99 %%: %.2f (model %.2f)%s"
                        + "   all: %.2f, worst %.2f (model %.2f)%s",
                100 * loss,
                changes,
                spread.half().median(),
                model.half(),
                spread.mostly().median(),
                model.mostly(),
                aim(members >= 10_000 && loss == 0.1, "1.2"),
                spread.all().median(),
                spread.all().largest(),
                model.all(),
                aim(members >= 10_000 && loss == 0.1, "25"));
    }

    private void detection(Measurements pool, int members, Progress progress) {
        int crashes = members > 2_000 ? 3 : 20;
        Durations found = pool.detection(crashes);
        Model model = new Model(SwimSettings.lan(), members, 0);
        tell(
                progress,
                "a crash, until each other host knows (%d crashes)   median %.1f   99 %%: %.1f   worst %.1f   (model %.1f)%s",
                crashes,
                found.median(),
                found.quantile(0.99),
                found.largest(),
                model.detection(),
                aim(members == 1_000, "10"));
    }

    private void traffic(Measurements pool, int members, Progress progress) {
        Duration window = Duration.ofSeconds(members > 2_000 ? 60 : 300);
        Measurements.Traffic steady = pool.steady(window, INSTANCES_A_HOST);
        Model model = new Model(SwimSettings.lan(), members, 0.1);
        double changes = members * INSTANCES_A_HOST / (double) HOUR.toSeconds();
        tell(
                progress,
                "an agent sends in peace, %d changes a host and hour, 10 %% loss   %.2f KB/s in %.1f packets/s (model %.1f)%s",
                INSTANCES_A_HOST,
                steady.bytesPerSecond() / 1e3,
                steady.datagramsPerSecond(),
                (model.bytesInPeace() + model.rumourBytes(changes)) / 1e3,
                aim(members >= 10_000, "30"));
        Measurements.Traffic restarting = pool.rollingRestart(window, HOUR);
        tell(
                progress,
                "in a rolling restart of all in an hour, %d s of it   %.2f KB/s   false removals: %d%s",
                window.toSeconds(),
                restarting.bytesPerSecond() / 1e3,
                restarting.falseRemovals(),
                aim(members >= 10_000, "60 KB/s, none"));
    }

    private void removals(int members) {
        Progress progress = new Progress(System.err);
        Measurements pool = new Measurements(seed + 1, members, progress);
        pool.loss(0.1);
        pool.join(Duration.ofSeconds(5));
        pool.settle();
        int starved = pool.starve(STARVED_EVENT);
        Measurements.Traffic hour = pool.steady(HOUR, INSTANCES_A_HOST);
        tell(
                progress,
                "false removals in an hour at 10 %% loss, with %d of %,d hosts that need %d ms for each event   %d views"
                        + " of %d hosts: %s   aim: 0",
                starved,
                members,
                STARVED_EVENT.toMillis(),
                hour.falseRemovals(),
                pool.falselyRemoved().size(),
                pool.describeFalselyRemoved());
    }
}
