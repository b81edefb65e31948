package io.culvert.testbed.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import io.culvert.testbed.kit.Seeds;
import org.junit.jupiter.api.Test;

/** Everything at once, over fresh seeds; {@code -Dculvert.seed=N} repeats one, {@code -Dculvert.runs=N} makes more. */
class MixedFaultsTest {
    @Test
    void a_hundred_hosts_keep_every_invariant_and_agree_when_the_faults_end() {
        Seeds.seeds(2)
                .forEach(seed ->
                        assertThat(new MixedFaults(seed, 100).run().events()).isPositive());
    }

    @Test
    void small_pools_do_too() {
        Seeds.seeds(12)
                .forEach(seed -> assertThat(new MixedFaults(seed, 3 + (int) Math.floorMod(seed, 20L))
                                .run()
                                .events())
                        .isPositive());
    }
}
