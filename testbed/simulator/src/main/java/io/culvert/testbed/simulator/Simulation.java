package io.culvert.testbed.simulator;

import io.culvert.testbed.simulator.fault.FaultScript;
import io.culvert.testbed.simulator.invariant.Violation;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/** {@code testbed/sim --members N --seeds K [--seed S [--script FILE]]}: runs with mixed faults, for a person. */
public final class Simulation {
    private Simulation() {}

    /** Exit code 1 when an invariant was violated; the seed to repeat it is printed. */
    public static void main(String[] arguments) {
        int members = 100;
        int seeds = 10;
        long first = new SplittableRandom().nextLong(1_000_000);
        FaultScript script = null;
        for (int i = 0; i + 1 < arguments.length; i += 2) {
            switch (arguments[i]) {
                case "--members" -> members = Integer.parseInt(arguments[i + 1]);
                case "--seeds" -> seeds = Integer.parseInt(arguments[i + 1]);
                case "--seed" -> {
                    first = Long.parseLong(arguments[i + 1]);
                    seeds = 1;
                }
                case "--script" -> script = read(arguments[i + 1]);
                default -> usage(arguments[i]);
            }
        }
        if (arguments.length % 2 != 0) {
            usage(arguments[arguments.length - 1]);
        }
        Capacity.refusal(members).ifPresent(why -> {
            System.err.println("sim: " + why);
            System.exit(2);
        });
        System.exit(run(members, first, seeds, script, System.out) ? 0 : 1);
    }

    private static void usage(String unknown) {
        System.err.println("unknown or incomplete option '" + unknown
                + "' (expected: --members N, --seeds K, --seed S to repeat one run, --script FILE, or its text, for other"
                + " faults than those drawn from the seed)");
        System.exit(2);
    }

    /** A script from a file, or, when there is no such file, from the text itself. */
    private static FaultScript read(String fileOrText) {
        try {
            boolean isFile = !fileOrText.contains("=") || Files.isRegularFile(Path.of(fileOrText));
            return FaultScript.parse(isFile ? Files.readString(Path.of(fileOrText)) : fileOrText);
        } catch (IOException | IllegalArgumentException wrong) {
            System.err.println("--script: " + wrong.getMessage());
            System.exit(2);
            throw new IllegalStateException("has ended", wrong);
        }
    }

    static boolean run(int members, long first, int seeds, @Nullable FaultScript script, PrintStream out) {
        long began = System.nanoTime();
        long events = 0;
        for (int i = 0; i < seeds; i++) {
            long seed = first + i;
            Progress progress = new Progress(System.err);
            MixedFaults run = script == null ? new MixedFaults(seed, members) : new MixedFaults(seed, members, script);
            try {
                MixedFaults.Outcome outcome = run.showing(progress).run();
                progress.done();
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
            } catch (Violation violation) {
                progress.done();
                out.println("FAILED: seed " + seed + ": " + violation.getMessage());
                out.println("looking for the smallest script that breaks this");
                out.println(run.explain(violation));
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
