package io.culvert.testbed.simulator;

import java.io.PrintStream;
import java.time.Duration;
import java.util.SplittableRandom;

/** {@code testbed/sim --members N --seeds K [--seed S]}: runs with mixed faults, for a person. */
public final class Simulation {
    private Simulation() {}

    /** Exit code 1 when an invariant was violated; the seed to repeat it is printed. */
    public static void main(String[] arguments) {
        int members = 100;
        int seeds = 10;
        long first = new SplittableRandom().nextLong(1_000_000);
        for (int i = 0; i + 1 < arguments.length; i += 2) {
            switch (arguments[i]) {
                case "--members" -> members = Integer.parseInt(arguments[i + 1]);
                case "--seeds" -> seeds = Integer.parseInt(arguments[i + 1]);
                case "--seed" -> {
                    first = Long.parseLong(arguments[i + 1]);
                    seeds = 1;
                }
                default -> usage(arguments[i]);
            }
        }
        if (arguments.length % 2 != 0) {
            usage(arguments[arguments.length - 1]);
        }
        System.exit(run(members, first, seeds, System.out) ? 0 : 1);
    }

    private static void usage(String unknown) {
        System.err.println("unknown or incomplete option '" + unknown
                + "' (expected: --members N, --seeds K, --seed S to repeat one run)");
        System.exit(2);
    }

    static boolean run(int members, long first, int seeds, PrintStream out) {
        long began = System.nanoTime();
        long events = 0;
        for (int i = 0; i < seeds; i++) {
            long seed = first + i;
            try {
                MixedFaults.Outcome outcome = new MixedFaults(seed, members).run();
                events += outcome.events();
                out.printf(
                        "%d/%d seed %d: agreed %.1f s after the faults, %d failures seen, %s simulated,"
                                + " %,d events, hash %016x%n",
                        i + 1,
                        seeds,
                        seed,
                        outcome.agreedAfter().toMillis() / 1e3,
                        outcome.failuresSeen(),
                        outcome.simulated().truncatedTo(java.time.temporal.ChronoUnit.SECONDS),
                        outcome.events(),
                        outcome.hash());
            } catch (AssertionError violation) {
                out.println("FAILED: " + violation.getMessage());
                out.println("repeat it with: testbed/sim --members " + members + " --seed " + seed);
                return false;
            }
        }
        Duration took = Duration.ofNanos(System.nanoTime() - began);
        out.printf(
                "%d runs of %d members without a violation, %,d events in %d s%n",
                seeds, members, events, took.toSeconds());
        return true;
    }
}
