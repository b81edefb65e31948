package io.culvert.agent.local.json;

import static org.assertj.core.api.Assertions.assertThat;

import io.culvert.testbed.kit.Property;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class GoDurationTest {
    @ParameterizedTest
    @CsvSource({
        "10s, 10000000000",
        "1m30s, 90000000000",
        "1.5h, 5400000000000",
        "100ms, 100000000",
        "1h0m0s, 3600000000000",
        "0, 0",
        "0s, 0",
        ".5s, 500000000",
        "250us, 250000",
        "250µs, 250000",
        "7ns, 7"
    })
    void the_forms_of_go_are_read(String text, long nanoseconds) {
        assertThat(GoDuration.parse(text)).contains(Duration.ofNanos(nanoseconds));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "10", "s", "10 s", "10s ", "-1s", "1d", "1s2", "99999999999h", "1e3s", "ten"})
    void everything_else_is_refused(String text) {
        assertThat(GoDuration.parse(text)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "0, 0s",
        "10000000000, 10s",
        "90000000000, 1m30s",
        "3600000000000, 1h0m0s",
        "1500000000, 1.5s",
        "250000000, 250ms",
        "1000, 1µs",
        "999, 999ns",
        "60000000000, 1m0s"
    })
    void durations_are_written_as_go_writes_them(long nanoseconds, String text) {
        assertThat(GoDuration.format(Duration.ofNanos(nanoseconds))).isEqualTo(text);
    }

    @Test
    void what_is_written_is_read_again_the_same() {
        Property.forSeeds(200, random -> {
            Duration duration = Duration.ofNanos(random.nextLong(Long.MAX_VALUE) >>> random.nextInt(63));
            assertThat(GoDuration.parse(GoDuration.format(duration))).contains(duration);
        });
    }
}
