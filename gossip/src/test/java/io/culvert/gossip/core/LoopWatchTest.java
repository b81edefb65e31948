package io.culvert.gossip.core;

import static org.assertj.core.api.Assertions.assertThat;

import io.culvert.gossip.core.LoopWatch.Finding;
import io.culvert.gossip.core.LoopWatch.State;
import io.culvert.gossip.membership.SwimSettings;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class LoopWatchTest {
    private static final long MILLISECOND = 1_000_000;
    private static final long SECOND = 1_000 * MILLISECOND;

    private Instant wall = Instant.ofEpochSecond(1_770_000_000);
    private long now = 5 * SECOND;
    private final LoopWatch watch = new LoopWatch(SwimSettings.lan().probe(), () -> wall, now);

    private void pass(long nanos) {
        now += nanos;
        wall = wall.plusNanos(nanos);
    }

    @Test
    void timers_that_run_when_they_are_due_are_in_time() {
        for (int i = 0; i < 100; i++) {
            pass(200 * MILLISECOND);
            assertThat(watch.onTimers(now, now)).isEqualTo(Finding.IN_TIME);
        }
        assertThat(watch.takeLongestLag()).isZero();
    }

    @Test
    void long_quiet_is_no_absence_when_nothing_was_due() {
        pass(3_600 * SECOND);
        assertThat(watch.onEvent(now, now + SECOND).state()).isEqualTo(State.IN_TIME);
    }

    /** SIGSTOP, a garbage collection, a stopped virtual machine: both clocks go on. */
    @Test
    void who_slept_through_two_intervals_was_away_and_says_so_once() {
        long dueAt = now + 100 * MILLISECOND;
        pass(40 * SECOND);
        assertThat(watch.onEvent(now, dueAt)).isEqualTo(new Finding(State.AWAY, 39_900 * MILLISECOND));
        // The packets that had queued up, then the timers, which are as late as the absence was long.
        for (int i = 0; i < 1_000; i++) {
            assertThat(watch.onEvent(now, dueAt).state()).isEqualTo(State.IN_TIME);
        }
        pass(MILLISECOND);
        assertThat(watch.onTimers(now, dueAt).state()).isEqualTo(State.IN_TIME);
    }

    @Test
    void timers_may_notice_the_absence_first() {
        long dueAt = now;
        pass(40 * SECOND);
        assertThat(watch.onTimers(now, dueAt).state()).isEqualTo(State.AWAY);
        assertThat(watch.onEvent(now, dueAt).state()).isEqualTo(State.IN_TIME);
    }

    /** A lid that was closed: the monotonic clock stood still with the host. */
    @Test
    void a_host_that_slept_is_told_by_the_calendar() {
        pass(200 * MILLISECOND);
        watch.onTimers(now, now);
        wall = wall.plusSeconds(8 * 3_600);
        pass(200 * MILLISECOND);
        assertThat(watch.onTimers(now, now)).isEqualTo(new Finding(State.AWAY, 8L * 3_600 * SECOND));
        pass(200 * MILLISECOND);
        assertThat(watch.onTimers(now, now).state()).isEqualTo(State.IN_TIME);
    }

    @Test
    void a_calendar_that_is_set_back_or_corrected_a_little_means_nothing() {
        wall = wall.minusSeconds(3_600);
        pass(200 * MILLISECOND);
        assertThat(watch.onTimers(now, now).state()).isEqualTo(State.IN_TIME);
        wall = wall.plusMillis(1_500);
        pass(200 * MILLISECOND);
        assertThat(watch.onTimers(now, now).state()).isEqualTo(State.IN_TIME);
    }

    /** Packets come in all the time, but timers do not get their turn: an overloaded loop, not an absence. */
    @Test
    void a_loop_that_is_kept_busy_is_late() {
        long dueAt = now;
        for (int i = 0; i < 3_000; i++) {
            pass(MILLISECOND);
            assertThat(watch.onEvent(now, dueAt).state()).isEqualTo(State.IN_TIME);
        }
        assertThat(watch.onTimers(now, dueAt)).isEqualTo(new Finding(State.LATE, 3 * SECOND));
        assertThat(watch.takeLongestLag()).isEqualTo(3 * SECOND);
        assertThat(watch.takeLongestLag()).isZero();
    }

    @Test
    void half_of_the_wait_for_an_answer_may_be_lost_before_it_is_called_late() {
        pass(250 * MILLISECOND);
        assertThat(watch.onTimers(now, now - 250 * MILLISECOND).state()).isEqualTo(State.IN_TIME);
        pass(300 * MILLISECOND);
        assertThat(watch.onTimers(now, now - 251 * MILLISECOND).state()).isEqualTo(State.LATE);
    }
}
