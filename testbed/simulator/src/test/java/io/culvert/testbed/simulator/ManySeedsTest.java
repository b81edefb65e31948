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
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/**
 * Mixed faults in many pools and in a large one, over fresh seeds; {@code -Dculvert.seed=N} repeats one, {@code
 * -Dculvert.runs=N} makes more or fewer. Each run has one thread; two go side by side, the large one first, so that both
 * cores are busy to the end.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ManySeedsTest {
    private static final int THREADS = 2;
    private static final int SEEDS = 300;

    private final ExecutorService threads = Executors.newFixedThreadPool(THREADS);
    private final List<Future<MixedFaults.Outcome>> large = new ArrayList<>();
    private final List<Future<MixedFaults.Outcome>> many = new ArrayList<>();

    @BeforeAll
    void begin() {
        Seeds.seeds(1).limit(1).forEach(seed -> large.add(threads.submit(() -> new MixedFaults(seed, 2_000).run())));
        Seeds.seeds(SEEDS).forEach(seed -> many.add(threads.submit(() -> new MixedFaults(seed, 100).runOrExplain())));
    }

    // What has not begun is not worth beginning once one has failed.
    @AfterAll
    void end() {
        threads.shutdownNow();
    }

    @Test
    void a_hundred_hosts_keep_every_invariant_in_three_hundred_runs() throws InterruptedException {
        assertThat(many).isNotEmpty();
        for (Future<MixedFaults.Outcome> run : many) {
            assertThat(outcome(run).events()).isPositive();
        }
    }

    @Test
    void two_thousand_hosts_do_too() throws InterruptedException {
        assertThat(large).hasSize(1);
        assertThat(outcome(large.get(0)).events()).isPositive();
    }

    private static MixedFaults.Outcome outcome(Future<MixedFaults.Outcome> run) throws InterruptedException {
        try {
            return run.get();
        } catch (ExecutionException failed) {
            throw new AssertionError(String.valueOf(failed.getMessage()), failed);
        }
    }
}
