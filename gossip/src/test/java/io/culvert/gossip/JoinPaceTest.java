package io.culvert.gossip;

import static org.assertj.core.api.Assertions.assertThat;

import io.culvert.testbed.kit.Property;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class JoinPaceTest {
    private static final Duration LONGEST = Duration.ofSeconds(30);

    @Test
    void the_wait_doubles_from_a_second_to_the_longest_and_stays_there() {
        Property.forSeeds(200, random -> {
            JoinPace pace = new JoinPace(LONGEST, random);
            for (int seconds : new int[] {1, 2, 4, 8, 16, 30, 30, 30}) {
                assertThat(pace.afterSilence())
                        .isBetween(Duration.ofMillis(seconds * 800L), Duration.ofMillis(seconds * 1_200L));
            }
        });
    }

    @Test
    void it_begins_anew_when_somebody_was_there_meanwhile() {
        JoinPace pace = new JoinPace(LONGEST, new SplittableRandom(1));
        for (int i = 0; i < 9; i++) {
            pace.afterSilence();
        }
        assertThat(pace.inCompany()).isBetween(Duration.ofSeconds(24), Duration.ofSeconds(36));
        assertThat(pace.afterSilence()).isLessThan(Duration.ofMillis(1_201));
    }

    @Test
    void hosts_that_start_together_do_not_ask_together() {
        Set<Duration> waits = new HashSet<>();
        for (int host = 0; host < 50; host++) {
            waits.add(new JoinPace(LONGEST, new SplittableRandom(host)).afterSilence());
        }
        assertThat(waits).hasSizeGreaterThan(45);
    }

    @Test
    void a_short_longest_wait_is_kept_from_the_first_round_on() {
        JoinPace pace = new JoinPace(Duration.ofMillis(200), new SplittableRandom(1));
        assertThat(pace.afterSilence()).isLessThanOrEqualTo(Duration.ofMillis(240));
        assertThat(pace.afterSilence()).isLessThanOrEqualTo(Duration.ofMillis(240));
    }
}
