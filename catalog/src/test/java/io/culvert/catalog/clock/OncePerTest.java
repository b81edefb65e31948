package io.culvert.catalog.clock;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class OncePerTest {
    private final AtomicLong now = new AtomicLong(Long.MAX_VALUE - 1);
    private final OncePer oncePer = new OncePer(Duration.ofMinutes(1), 2, now::get);

    @Test
    void a_key_passes_once_until_its_time_is_over_also_across_an_overflow_of_the_clock() {
        assertThat(oncePer.passes("a")).isTrue();
        now.addAndGet(Duration.ofMinutes(1).toNanos() - 1);
        assertThat(oncePer.passes("a")).isFalse();
        now.incrementAndGet();
        assertThat(oncePer.passes("a")).isTrue();
        assertThat(oncePer.passes("a")).isFalse();
    }

    @Test
    void keys_do_not_hold_each_other_back() {
        assertThat(oncePer.passes("a")).isTrue();
        assertThat(oncePer.passes("b")).isTrue();
    }

    @Test
    void over_the_bound_the_key_asked_for_longest_ago_is_forgotten() {
        oncePer.passes("a");
        oncePer.passes("b");
        assertThat(oncePer.passes("a")).isFalse();
        oncePer.passes("c");
        assertThat(oncePer.passes("a")).isFalse();
        assertThat(oncePer.passes("b")).isTrue();
    }
}
