package io.culvert.testbed.simulator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.assertj.core.api.Assertions.withinPercentage;

import io.culvert.gossip.membership.SwimSettings;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Simulated pools behave as the formulas of SWIM, Lifeguard and of an unsynchronised push say. In virtual time, with one
 * seed each: the same figures on every machine.
 */
@Tag("long")
class CrossCheckTest {
    // A change waits for its owner's next tick of 200 ms before the flow of the formula begins: three quarters of one.
    private static final Offset<Double> SPREAD_TOLERANCE = within(0.15);
    private static final int SUSPICION_TOLERANCE = 15;
    // Now and then a comparison meets a change that is still under way.
    private static final int BYTES_TOLERANCE = 25;

    private static Measurements pool(int members) {
        PrintStream nowhere = new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8);
        Measurements pool = new Measurements(1, members, new Progress(nowhere));
        pool.join(Duration.ofSeconds(5));
        pool.settle();
        return pool;
    }

    @ParameterizedTest
    @CsvSource({"100", "1000"})
    void changes_spread_and_crashes_are_found_as_fast_as_the_formulas_say(int members) {
        Measurements pool = pool(members);
        for (double loss : new double[] {0, 0.25}) {
            pool.loss(loss);
            Measurements.Spread spread = pool.spread(20);
            Model model = new Model(SwimSettings.lan(), members, loss);
            assertThat(spread.half().median()).isCloseTo(model.half(), SPREAD_TOLERANCE);
            assertThat(spread.mostly().median()).isCloseTo(model.mostly(), SPREAD_TOLERANCE);
        }
        pool.loss(0);
        pool.settle();
        Durations found = pool.detection(5);
        Model model = new Model(SwimSettings.lan(), members, 0);
        assertThat(found.median()).isCloseTo(model.detection(), withinPercentage(SUSPICION_TOLERANCE));
        assertThat(found.largest()).isLessThan(3 * model.detection());
    }

    @ParameterizedTest
    @CsvSource({"100", "400"})
    void an_agent_sends_what_probes_comparisons_and_rumours_add_up_to(int members) {
        Measurements pool = pool(members);
        Model model = new Model(SwimSettings.lan(), members, 0);
        Duration minute = Duration.ofMinutes(1);
        double inPeace = pool.steady(minute, 0).bytesPerSecond();
        assertThat(inPeace).isCloseTo(model.bytesInPeace(), withinPercentage(BYTES_TOLERANCE));

        double changesPerSecond = 5;
        double more = pool.steady(minute, changesPerSecond * 3_600 / members).bytesPerSecond() - inPeace;
        assertThat(more).isCloseTo(model.rumourBytes(changesPerSecond), withinPercentage(BYTES_TOLERANCE));
    }
}
