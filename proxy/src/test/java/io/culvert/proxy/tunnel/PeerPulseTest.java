package io.culvert.proxy.tunnel;

import static org.assertj.core.api.Assertions.assertThat;

import io.culvert.proxy.tunnel.PeerPulse.Figures;
import org.junit.jupiter.api.Test;

class PeerPulseTest {
    private static final long SECOND = 1_000_000_000L;
    private static final Figures ALL_ACKNOWLEDGED = new Figures(0, 10, 0);

    private final PeerPulse pulse = new PeerPulse();

    @Test
    void a_stream_that_sends_nothing_is_not_looked_at() {
        assertThat(pulse.isDue(3_600 * SECOND)).isFalse();
        pulse.sent(3_600 * SECOND);
        assertThat(pulse.isDue(3_604 * SECOND)).isFalse();
        assertThat(pulse.isDue(3_605 * SECOND)).isTrue();
        assertThat(pulse.isGone(ALL_ACKNOWLEDGED, false, 3_605 * SECOND)).isFalse();
        assertThat(pulse.isDue(7_200 * SECOND)).isFalse();
    }

    @Test
    void who_acknowledges_nothing_for_half_a_minute_is_gone() {
        pulse.sent(0);
        for (int second = 5; second <= 30; second += 5) {
            assertThat(pulse.isDue(second * SECOND)).isTrue();
            assertThat(pulse.isGone(new Figures(3, second * 1_000L, 0), true, second * SECOND))
                    .as("after %d s", second)
                    .isFalse();
        }
        assertThat(pulse.isGone(new Figures(3, 35_000, 0), true, 35 * SECOND)).isTrue();
    }

    @Test
    void the_first_bytes_after_a_long_silence_are_given_their_time() {
        pulse.sent(0);
        assertThat(pulse.isGone(ALL_ACKNOWLEDGED, false, 5 * SECOND)).isFalse();
        pulse.sent(600 * SECOND);
        assertThat(pulse.isGone(new Figures(1, 595_000, 0), false, 605 * SECOND))
                .isFalse();
    }

    @Test
    void who_does_not_read_but_answers_probes_lives() {
        pulse.sent(0);
        for (int second = 5; second <= 3_600; second += 5) {
            assertThat(pulse.isGone(new Figures(0, 90_000, 0), true, second * SECOND))
                    .isFalse();
            assertThat(pulse.isDue((second + 5) * SECOND)).as("still watched").isTrue();
        }
    }

    @Test
    void who_answers_no_probe_is_gone() {
        pulse.sent(0);
        assertThat(pulse.isGone(new Figures(0, 100, 4), true, 5 * SECOND)).isFalse();
        assertThat(pulse.isGone(new Figures(0, 100, 5), true, 10 * SECOND)).isTrue();
    }

    @Test
    void a_slow_road_that_acknowledges_now_and_then_is_none_to_give_up() {
        pulse.sent(0);
        for (int second = 5; second <= 3_600; second += 5) {
            assertThat(pulse.isGone(new Figures(20, 20_000, 0), true, second * SECOND))
                    .isFalse();
        }
    }
}
