package io.culvert.testbed.kit;

import java.util.SplittableRandom;
import java.util.stream.LongStream;

/**
 * Seeds for property tests and simulations. Every run uses fresh seeds and prints the one that fails; {@code
 * -Dculvert.seed=N} replays it, {@code -Dculvert.runs=N} changes how many are tried, {@code -Dculvert.seeds.from=N} draws
 * them from one number, so that a run as a whole can be repeated.
 */
public final class Seeds {
    private Seeds() {}

    /** One random source a run, with the seed that made it. */
    public record Seeded(long seed, SplittableRandom random) {
        @Override
        public String toString() {
            return "seed " + seed;
        }
    }

    /** The seeds of this run: {@code defaultRuns} fresh ones, or the one to be replayed. */
    public static LongStream seeds(int defaultRuns) {
        Long replay = Long.getLong("culvert.seed");
        if (replay != null) {
            return LongStream.of(replay);
        }
        Long from = Long.getLong("culvert.seeds.from");
        SplittableRandom fresh = from == null ? new SplittableRandom() : new SplittableRandom(from);
        return LongStream.generate(fresh::nextLong).limit(Integer.getInteger("culvert.runs", defaultRuns));
    }
}
