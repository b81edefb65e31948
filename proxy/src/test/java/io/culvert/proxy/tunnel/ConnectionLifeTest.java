package io.culvert.proxy.tunnel;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class ConnectionLifeTest {
    private static final Duration HOUR = Duration.ofHours(1);
    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");

    @Test
    void it_is_what_the_settings_say_more_or_less_by_a_tenth() {
        Instant far = NOW.plus(Duration.ofDays(3));
        assertThat(ConnectionLife.of(HOUR, 0, NOW, far)).isEqualTo(Duration.ofMinutes(54));
        assertThat(ConnectionLife.of(HOUR, 0.5, NOW, far)).isEqualTo(HOUR);
        assertThat(ConnectionLife.of(HOUR, 0.999, NOW, far)).isBetween(Duration.ofMinutes(65), Duration.ofMinutes(66));
    }

    @Test
    void it_ends_before_a_certificate_does() {
        Instant soon = NOW.plus(Duration.ofMinutes(10));
        assertThat(ConnectionLife.of(HOUR, 0.5, NOW, soon)).isEqualTo(Duration.ofSeconds(570));
    }

    @Test
    void it_is_nothing_when_a_certificate_is_about_to_expire() {
        assertThat(ConnectionLife.of(HOUR, 0.5, NOW, NOW.plusSeconds(10))).isZero();
        assertThat(ConnectionLife.of(HOUR, 0.5, NOW, NOW.minusSeconds(10))).isZero();
    }
}
