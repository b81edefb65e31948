package io.culvert.gossip.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.culvert.testbed.kit.Property;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ReplayWindowTest {
    @Test
    void it_agrees_with_a_set_of_all_counters_ever_seen() {
        Property.forSeeds(100, random -> {
            ReplayWindow window = new ReplayWindow();
            Set<Long> seen = new HashSet<>();
            // Around 2^63 a signed comparison would go wrong.
            long base = random.nextBoolean() ? 0 : Long.MAX_VALUE - 2_000;
            long highest = base;
            for (int i = 0; i < 3_000; i++) {
                long counter = Math.max(base, highest - 1_500) + random.nextInt(1_500 + random.nextInt(1, 3_000));
                if (window.isBelow(counter)) {
                    assertThat(highest - counter).isGreaterThanOrEqualTo(ReplayWindow.SIZE);
                } else {
                    assertThat(window.wasSeen(counter)).isEqualTo(!seen.add(counter));
                    window.mark(counter);
                    highest = Long.compareUnsigned(counter, highest) > 0 ? counter : highest;
                }
            }
        });
    }

    @Test
    void the_oldest_counter_inside_the_window_is_taken_and_the_next_older_is_not() {
        ReplayWindow window = new ReplayWindow();
        window.mark(5_000);

        assertThat(window.isBelow(5_000 - 1_023)).isFalse();
        assertThat(window.isBelow(5_000 - 1_024)).isTrue();
    }

    @Test
    void the_largest_counter_is_the_last() {
        ReplayWindow window = new ReplayWindow();
        window.mark(-1);

        assertThat(window.wasSeen(-1)).isTrue();
        assertThat(window.isBelow(-2)).isFalse();
        assertThat(window.isBelow(0)).isTrue();
    }
}
