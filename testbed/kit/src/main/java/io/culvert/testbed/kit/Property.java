package io.culvert.testbed.kit;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import java.util.function.Function;

/** Checks that hold for every input of a generator. A failing input is made smaller before it is shown, with its seed. */
public final class Property {
    private static final int SHRINK_STEPS = 2_000;

    private Property() {}

    /** A check over a random source: for properties that draw as they go, such as simulations. */
    public static void forSeeds(int runs, Consumer<SplittableRandom> check) {
        Seeds.seeds(runs).forEach(seed -> {
            try {
                check.accept(new SplittableRandom(seed));
            } catch (RuntimeException | AssertionError e) {
                throw new AssertionError("fails with -Dculvert.seed=" + seed + ": " + e.getMessage(), e);
            }
        });
    }

    /** A check over generated lists of steps; a failing list is shrunk by leaving out parts of it. */
    public static <T> void forLists(
            int runs, int longest, Function<SplittableRandom, T> generator, Consumer<List<T>> check) {
        Seeds.seeds(runs).forEach(seed -> {
            SplittableRandom random = new SplittableRandom(seed);
            List<T> steps = new ArrayList<>();
            for (int i = random.nextInt(longest + 1); i > 0; i--) {
                steps.add(generator.apply(random));
            }
            Throwable failure = failure(steps, check);
            if (failure != null) {
                List<T> least = shrink(steps, check);
                Throwable leastFailure = failure(least, check);
                throw new AssertionError(
                        "fails with -Dculvert.seed=" + seed + " for " + least,
                        leastFailure == null ? failure : leastFailure);
            }
        });
    }

    /** Leaves out ever smaller stretches for as long as the rest still fails. */
    static <T> List<T> shrink(List<T> failing, Consumer<List<T>> check) {
        List<T> least = failing;
        int steps = 0;
        for (int stretch = Math.max(1, least.size() / 2); stretch >= 1; stretch /= 2) {
            int at = 0;
            while (at + stretch <= least.size() && steps++ < SHRINK_STEPS) {
                List<T> shorter = new ArrayList<>(least.subList(0, at));
                shorter.addAll(least.subList(at + stretch, least.size()));
                if (failure(shorter, check) != null) {
                    least = shorter;
                } else {
                    at++;
                }
            }
        }
        return least;
    }

    private static <T> @org.jspecify.annotations.Nullable Throwable failure(List<T> steps, Consumer<List<T>> check) {
        try {
            check.accept(steps);
            return null;
        } catch (RuntimeException | AssertionError e) {
            return e;
        }
    }

    /** {@code length} random bytes. */
    public static byte[] bytes(SplittableRandom random, int length) {
        byte[] bytes = new byte[length];
        random.nextBytes(bytes);
        return bytes;
    }
}
