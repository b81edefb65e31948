package io.culvert.gossip.core;

import static io.culvert.gossip.core.MachineDriver.MILLISECOND;
import static io.culvert.gossip.core.MachineDriver.SECOND;
import static org.assertj.core.api.Assertions.assertThat;

import io.culvert.catalog.Liveness;
import io.culvert.gossip.membership.FakeSigner;
import io.culvert.gossip.membership.MemberChange;
import io.culvert.gossip.membership.MembershipPort;
import io.culvert.gossip.membership.SwimSettings;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A host that was away, or runs late, and whose peers answer nothing: it accuses nobody for its own absence. */
class AbsenceTest {
    private static final FakeSigner SILENT = new FakeSigner(1);

    private final MachineDriver driver = new MachineDriver(SwimSettings.lan());

    @BeforeEach
    void a_member_is_known_and_half_of_its_probe_is_over() {
        driver.know(SILENT);
        // After the timeout it is tried over a stream, which is refused.
        while (driver.streams == 0) {
            driver.pass(10 * MILLISECOND);
        }
    }

    private boolean isAccused() {
        return driver.changes.stream().map(MemberChange::after).anyMatch(Liveness.SUSPECT::equals);
    }

    @Test
    void without_an_absence_the_silent_member_is_accused() {
        driver.pass(600 * MILLISECOND);
        assertThat(isAccused()).isTrue();
        assertThat(driver.count(MembershipPort.Paused.class)).isZero();
    }

    /** SIGSTOP and a long collection of garbage; on waking the packets that had queued up come before the timers. */
    @Test
    void a_stopped_process_accuses_nobody_when_it_goes_on_and_says_once_that_it_was_away() {
        driver.jump(40 * SECOND);
        for (int i = 0; i < 500; i++) {
            driver.machine.onDatagram(new byte[100], SILENT.address(), driver.now);
        }
        driver.machine.onTimer(driver.now);
        driver.perform();

        assertThat(isAccused()).isFalse();
        assertThat(driver.count(MembershipPort.Paused.class)).isEqualTo(1);
        assertThat(driver.machine.healthScore()).isEqualTo(1);
        // The next probe is its own.
        driver.pass(5 * SECOND);
        assertThat(isAccused()).isTrue();
    }

    @Test
    void a_suspended_host_accuses_nobody_though_its_monotonic_clock_stood_still() {
        driver.wall = driver.wall.plusSeconds(3_600);
        driver.pass(550 * MILLISECOND);
        assertThat(isAccused()).isFalse();
        assertThat(driver.count(MembershipPort.Paused.class)).isEqualTo(1);
    }

    @Test
    void a_loop_that_runs_late_accuses_nobody_and_takes_it_for_its_own_ill_health() {
        driver.jump(1_000 * MILLISECOND);
        driver.machine.onTimer(driver.now);
        driver.perform();
        assertThat(driver.count(MembershipPort.Late.class)).isEqualTo(1);
        assertThat(driver.machine.healthScore()).isEqualTo(1);
        driver.pass(400 * MILLISECOND);
        assertThat(isAccused()).isFalse();
    }

    @Test
    void a_loop_that_is_always_late_never_accuses_and_is_ever_more_patient() {
        for (int i = 0; i < 200; i++) {
            driver.jump(450 * MILLISECOND);
            driver.machine.onTimer(driver.now);
            driver.perform();
        }
        assertThat(isAccused()).isFalse();
        assertThat(driver.machine.healthScore()).isGreaterThanOrEqualTo(5);
        assertThat(driver.machine.load(driver.now).longestLagNanos()).isGreaterThan(250 * MILLISECOND);
    }

    @Test
    void a_suspicion_that_runs_out_during_a_stop_begins_again() {
        driver.pass(3 * SECOND);
        assertThat(isAccused()).isTrue();
        driver.jump(600 * SECOND);
        driver.machine.onTimer(driver.now);
        driver.perform();
        assertThat(driver.changes.stream().map(MemberChange::after)).doesNotContain(Liveness.FAILED);
        driver.pass(60 * SECOND);
        assertThat(driver.changes.stream().map(MemberChange::after)).contains(Liveness.FAILED);
    }
}
