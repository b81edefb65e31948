package io.culvert.testbed.simulator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.culvert.testbed.kit.Seeds;
import io.culvert.testbed.simulator.fault.FaultScript;
import io.culvert.testbed.simulator.invariant.Violation;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Everything at once, over fresh seeds; {@code -Dculvert.seed=N} repeats one, {@code -Dculvert.runs=N} makes more. */
class MixedFaultsTest {
    @Test
    void small_pools_keep_every_invariant_and_agree_when_the_faults_end() {
        Seeds.seeds(20)
                .forEach(seed -> assertThat(new MixedFaults(seed, 3 + (int) Math.floorMod(seed, 20L))
                                .runOrExplain()
                                .events())
                        .isPositive());
    }

    /** Runs that once broke an invariant, as small as they were made; the comment says what was wrong. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                // One insider's DEAD was believed at once, of hosts that had not even been suspected.
                "761124 | 12 | insider at=21020ms length=206ms hosts=all rate=33 deed=declares-all-dead",
                // Accusations took the place of the words they accused, and invented accusers shortened suspicions.
                "143950 | 20 | insider at=6092ms length=49031ms hosts=19 rate=38 deed=accuses-all",
            })
    void what_once_failed_does_not_fail_again(long seed, int members, String script) {
        assertThat(new MixedFaults(seed, members, FaultScript.parse(script))
                        .runOrExplain()
                        .events())
                .isPositive();
    }

    @Test
    void the_same_seed_gives_the_same_run_event_for_event() {
        MixedFaults.Outcome once = new MixedFaults(4_711, 20).run();
        MixedFaults.Outcome again = new MixedFaults(4_711, 20).run();
        assertThat(again).isEqualTo(once);
        assertThat(new MixedFaults(4_712, 20).run().hash()).isNotEqualTo(once.hash());
    }

    @Test
    void a_planted_bug_is_found_and_its_script_is_shrunk_to_the_cause() {
        // The bug: whoever is paused loses its memory of what it published.
        String text = """
                loss at=0s length=60s from=all to=all share=0.1
                publish at=4s length=0s hosts=2
                crash at=5s length=10s hosts=3 disk=kept
                pause at=20s length=16s hosts=4
                duplication at=21s length=10s from=all to=all share=0.2
                publish at=30s length=0s hosts=1
                leave at=40s length=0s hosts=6
                """;
        MixedFaults run = new MixedFaults(1, 8, FaultScript.parse(text), PlantedBug::forgetsWhenPaused);
        assertThatThrownBy(run::runOrExplain)
                .isInstanceOf(AssertionError.class)
                .hasCauseInstanceOf(Violation.class)
                .hasMessageContaining("seed 1, 8 members: invariant 7 ")
                .hasMessageContaining("of 7 faults 1 are left")
                .hasMessageMatching("(?s).*again: \\./testbed/sim --members 8 --seed 1 --script"
                        + " 'pause at=20s length=\\d+m?s hosts=4'.*");
    }
}
