package io.culvert.testbed.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import io.culvert.testbed.kit.Seeds;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/**
 * Mixed faults in many pools of a hundred hosts, and in a large one; {@code -Dculvert.seed=N} repeats one, {@code
 * -Dculvert.simulations=N} makes more or fewer. Each run has one thread; two go side by side.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ManySeedsTest {
    private static final int THREADS = 2;
    private static final int SEEDS = Integer.getInteger("culvert.simulations", 300);

    private final ExecutorService threads = Executors.newFixedThreadPool(THREADS);
    private final List<Future<MixedFaults.Outcome>> many = new ArrayList<>();

    @BeforeAll
    void begin() {
        Seeds.seeds(SEEDS).forEach(seed -> many.add(threads.submit(() -> new MixedFaults(seed, 100).runOrExplain())));
    }

    // What has not begun is not worth beginning once one has failed.
    @AfterAll
    void end() {
        threads.shutdownNow();
    }

    @Test
    void a_hundred_hosts_keep_every_invariant_in_many_runs() throws InterruptedException {
        assertThat(many).isNotEmpty();
        for (Future<MixedFaults.Outcome> run : many) {
            assertThat(outcome(run).events()).isPositive();
        }
    }

    @Test
    @Tag("long")
    void two_thousand_hosts_do_too() {
        long seed = Seeds.seeds(1).findFirst().orElseThrow();
        assertThat(new MixedFaults(seed, 2_000).run().events()).isPositive();
    }

    private static MixedFaults.Outcome outcome(Future<MixedFaults.Outcome> run) throws InterruptedException {
        try {
            return run.get();
        } catch (ExecutionException failed) {
            throw new AssertionError(String.valueOf(failed.getMessage()), failed);
        }
    }
}
