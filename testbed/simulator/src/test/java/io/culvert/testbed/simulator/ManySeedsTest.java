package io.culvert.testbed.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import io.culvert.testbed.kit.Seeds;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

/**
 * Mixed faults in many pools and in a large one, over fresh seeds; {@code -Dculvert.seed=N} repeats one, {@code
 * -Dculvert.runs=N} makes more or fewer. Each run has one thread, and two runs go side by side.
 */
class ManySeedsTest {
    private static final int THREADS = 2;

    @Test
    void a_hundred_hosts_keep_every_invariant_in_three_hundred_runs() throws Exception {
        long[] seeds = Seeds.seeds(300).toArray();
        ExecutorService threads = Executors.newFixedThreadPool(THREADS);
        try {
            List<Future<MixedFaults.Outcome>> runs = new ArrayList<>();
            for (long seed : seeds) {
                runs.add(threads.submit(() -> new MixedFaults(seed, 100).runOrExplain()));
            }
            for (Future<MixedFaults.Outcome> run : runs) {
                assertThat(outcome(run).events()).isPositive();
            }
        } finally {
            // What has not begun is not worth beginning once one has failed.
            threads.shutdownNow();
        }
    }

    private static MixedFaults.Outcome outcome(Future<MixedFaults.Outcome> run) throws InterruptedException {
        try {
            return run.get();
        } catch (ExecutionException failed) {
            throw new AssertionError(String.valueOf(failed.getMessage()), failed);
        }
    }

    @Test
    void two_thousand_hosts_do_too() {
        long seed = Seeds.seeds(1).findFirst().orElseThrow();
        assertThat(new MixedFaults(seed, 2_000).run().events()).isPositive();
    }
}
