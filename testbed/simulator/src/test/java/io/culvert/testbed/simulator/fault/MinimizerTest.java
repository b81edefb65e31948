package io.culvert.testbed.simulator.fault;

import static org.assertj.core.api.Assertions.assertThat;

import io.culvert.testbed.simulator.fault.Stage.DiskFate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class MinimizerTest {
    private static final Duration MINUTE = Duration.ofMinutes(1);

    private static FaultScript thirtyAnd(Fault... more) {
        List<Fault> faults = new ArrayList<>(List.of(more));
        for (int i = 0; i < 30; i++) {
            faults.add(new HostFault.Publish(Duration.ofSeconds(i), Duration.ZERO, Hosts.of(i)));
        }
        return new FaultScript(faults);
    }

    @Test
    void two_faults_that_fail_only_together_are_what_is_left_of_many() {
        Fault pause = new HostFault.Pause(Duration.ofSeconds(7), MINUTE, Hosts.of(1));
        Fault crash = new HostFault.Crash(Duration.ofSeconds(20), Duration.ZERO, Hosts.of(2), DiskFate.KEPT);
        Minimizer minimizer = new Minimizer(
                script -> script.faults().stream().anyMatch(HostFault.Pause.class::isInstance)
                        && script.faults().contains(crash),
                1_000);

        FaultScript least = minimizer.minimize(thirtyAnd(pause, crash));

        assertThat(least.faults()).hasSize(2).contains(crash);
        assertThat(minimizer.runs()).isLessThan(200);
    }

    @Test
    void lengths_are_halved_for_as_long_as_it_still_fails() {
        Minimizer minimizer = new Minimizer(
                script -> script.faults().stream()
                        .anyMatch(fault -> fault.length().toSeconds() >= 10),
                1_000);
        FaultScript least =
                minimizer.minimize(thirtyAnd(new HostFault.Pause(Duration.ofSeconds(7), MINUTE, Hosts.of(1))));
        assertThat(least)
                .isEqualTo(FaultScript.of(
                        new HostFault.Pause(Duration.ofSeconds(7), Duration.ofSeconds(15), Hosts.of(1))));
    }

    @Test
    void it_gives_up_after_so_many_runs_with_something_that_fails() {
        Minimizer minimizer = new Minimizer(script -> script.faults().size() > 20, 5);
        FaultScript least = minimizer.minimize(thirtyAnd());
        assertThat(least.faults().size()).isGreaterThan(20);
        assertThat(minimizer.runs()).isEqualTo(5);
    }
}
