package io.culvert.agent.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.culvert.testbed.kit.Property;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DurationsTest {
    @ParameterizedTest
    @CsvSource({
        "10s, PT10S",
        "1m30s, PT1M30S",
        "1.5h, PT1H30M",
        "250ms, PT0.25S",
        "0, PT0S",
        "0s, PT0S",
        "1us, PT0.000001S",
        "3µs, PT0.000003S",
        "87600h, PT87600H"
    })
    void reads_what_go_writes(String text, Duration duration) {
        assertThat(Durations.parse(text)).contains(duration);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "10", "s", "-1s", "1d", "1 s", "10S", "1s ", ".5s", "1e3s", "87601h", "999999999999h"})
    void refuses_everything_else(String text) {
        assertThat(Durations.parse(text)).isEmpty();
    }

    @Test
    void what_is_written_is_read_back() {
        Property.forSeeds(500, random -> {
            Duration duration = Duration.ofNanos(random.nextLong(Durations.LONGEST.toNanos()) >> random.nextInt(60));
            assertThat(Durations.parse(Durations.format(duration))).contains(duration);
        });
    }
}
