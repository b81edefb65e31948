package io.culvert.testbed.kit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class PropertyTest {
    @Test
    void a_failing_list_is_shrunk_to_the_elements_that_matter() {
        List<Integer> failing = IntStream.range(0, 200).boxed().toList();
        List<Integer> least = Property.shrink(failing, list -> assertThat(list).doesNotContain(17, 42));
        assertThat(least).hasSize(1);
        List<Integer> pair = Property.shrink(failing, list -> {
            if (list.contains(17) && list.contains(42)) {
                throw new AssertionError("both");
            }
        });
        assertThat(pair).containsExactly(17, 42);
    }

    @Test
    void a_failure_names_the_seed_that_replays_it() {
        assertThatThrownBy(() -> Property.forSeeds(3, random -> {
                    throw new IllegalStateException("broken");
                }))
                .hasMessageContaining("-Dculvert.seed=")
                .hasMessageContaining("broken");
    }

    @Test
    void virtual_time_runs_what_is_due_in_order_and_no_more() {
        VirtualTime time = new VirtualTime(Instant.EPOCH);
        List<String> ran = new ArrayList<>();
        time.schedule(Duration.ofSeconds(2), () -> ran.add("second"));
        time.schedule(Duration.ofSeconds(1), () -> {
            ran.add("first");
            time.schedule(Duration.ofMillis(500), () -> ran.add("inner"));
        });
        time.schedule(Duration.ofSeconds(3), () -> ran.add("late"));
        time.advance(Duration.ofMillis(2_500));
        assertThat(ran).containsExactly("first", "inner", "second");
        assertThat(time.now()).isEqualTo(Instant.EPOCH.plusMillis(2_500));
    }
}
