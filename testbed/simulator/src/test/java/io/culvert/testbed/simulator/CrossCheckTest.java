package io.culvert.testbed.simulator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.withinPercentage;

import io.culvert.gossip.membership.SwimSettings;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Simulated pools behave as the formulas of SWIM, Lifeguard and of an unsynchronised push say. In virtual time, with one
 * seed each: the same figures on every machine.
 */
class CrossCheckTest {
    // Ticks of 200 ms and delays of up to 2 ms are no continuous flow: the formulas are right to about a tick.
    private static final int SPREAD_TOLERANCE = 20;
    private static final int SUSPICION_TOLERANCE = 15;
    private static final int BYTES_TOLERANCE = 15;

    private static Measurements pool(int members, double loss) {
        PrintStream nowhere = new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8);
        Measurements pool = new Measurements(1, members, new Progress(nowhere));
        pool.join(Duration.ofSeconds(5));
        pool.settle();
        pool.loss(loss);
        return pool;
    }

    @ParameterizedTest
    @CsvSource({"100, 0", "100, 0.25", "1000, 0", "1000, 0.25"})
    void a_change_spreads_as_fast_as_the_formula_says(int members, double loss) {
        Measurements.Spread spread = pool(members, loss).spread(20);
        Model model = new Model(SwimSettings.lan(), members, loss);
        assertThat(spread.half().median()).isCloseTo(model.half(), withinPercentage(SPREAD_TOLERANCE));
        assertThat(spread.mostly().median()).isCloseTo(model.mostly(), withinPercentage(SPREAD_TOLERANCE));
    }

    @ParameterizedTest
    @CsvSource({"100", "1000"})
    void a_crash_is_found_after_a_failed_probe_and_the_shortest_suspicion(int members) {
        Durations found = pool(members, 0).detection(5);
        Model model = new Model(SwimSettings.lan(), members, 0);
        assertThat(found.median()).isCloseTo(model.detection(), withinPercentage(SUSPICION_TOLERANCE));
        assertThat(found.largest()).isLessThan(3 * model.detection());
    }

    @ParameterizedTest
    @CsvSource({"100", "400"})
    void an_agent_sends_what_probes_comparisons_and_rumours_add_up_to(int members) {
        Measurements pool = pool(members, 0);
        Model model = new Model(SwimSettings.lan(), members, 0);
        Duration minute = Duration.ofMinutes(1);
        double inPeace = pool.steady(minute, 0).bytesPerSecond();
        assertThat(inPeace).isCloseTo(model.bytesInPeace(), withinPercentage(BYTES_TOLERANCE));

        double changesPerSecond = 5;
        double more = pool.steady(minute, changesPerSecond * 3_600 / members).bytesPerSecond() - inPeace;
        assertThat(more).isCloseTo(model.rumourBytes(changesPerSecond), withinPercentage(BYTES_TOLERANCE));
    }
}
