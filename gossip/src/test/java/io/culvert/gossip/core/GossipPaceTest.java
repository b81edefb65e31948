package io.culvert.gossip.core;

import static org.assertj.core.api.Assertions.assertThat;

import io.culvert.gossip.membership.SwimSettings;
import org.junit.jupiter.api.Test;

class GossipPaceTest {
    private static final long MILLIS = 1_000_000L;

    private final GossipPace pace = new GossipPace(SwimSettings.lan(), 70 * MILLIS);

    @Test
    void the_first_tick_comes_when_it_was_told_to() {
        assertThat(pace.next(true, 0)).isEqualTo(70 * MILLIS);
        assertThat(pace.next(false, 0)).isEqualTo(70 * MILLIS);
    }

    @Test
    void news_after_a_silence_is_told_at_once_and_then_in_the_interval() {
        pace.ticked(false, 100 * MILLIS);

        assertThat(pace.next(true, 101 * MILLIS)).as("a tick that kept house").isEqualTo(101 * MILLIS);
        assertThat(pace.next(true, 900 * MILLIS)).isEqualTo(900 * MILLIS);
        pace.ticked(true, 900 * MILLIS);
        assertThat(pace.next(true, 901 * MILLIS)).isEqualTo(1_100 * MILLIS);
    }

    @Test
    void without_news_a_second_passes_unless_somebody_is_asked_or_accused() {
        pace.ticked(false, 100 * MILLIS);
        assertThat(pace.next(false, 101 * MILLIS)).isEqualTo(1_100 * MILLIS);

        pace.askedAt(200 * MILLIS);
        assertThat(pace.next(false, 201 * MILLIS)).isEqualTo(300 * MILLIS);
        pace.ticked(false, 5_200 * MILLIS);
        assertThat(pace.next(false, 5_201 * MILLIS)).isEqualTo(6_200 * MILLIS);

        pace.accusedAt(5_201 * MILLIS);
        assertThat(pace.next(false, 5_202 * MILLIS)).isEqualTo(5_400 * MILLIS);
        assertThat(pace.next(false, 35_202 * MILLIS)).isEqualTo(6_200 * MILLIS);
    }
}
