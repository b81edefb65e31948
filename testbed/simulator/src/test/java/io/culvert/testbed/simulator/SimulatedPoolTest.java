package io.culvert.testbed.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import io.culvert.catalog.NodeContent;
import io.culvert.gossip.membership.Standing;
import io.culvert.gossip.membership.SwimSettings;
import io.culvert.testbed.kit.Seeds;
import io.culvert.testbed.simulator.SimulatedNetwork.Weather;
import io.culvert.testbed.simulator.fault.FaultScript;
import io.culvert.testbed.simulator.fault.HostFault;
import io.culvert.testbed.simulator.fault.Hosts;
import io.culvert.testbed.simulator.fault.LinkFault;
import io.culvert.testbed.simulator.fault.Stage.DiskFate;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** One fault at a time, with the bounds of the reference. Every run prints its seed when it fails. */
class SimulatedPoolTest {
    private static final Duration FEW_SECONDS = Duration.ofSeconds(5);

    private static SimulatedPool pool(int members, double loss) {
        long seed = Seeds.seeds(1).findFirst().orElseThrow();
        SimulatedPool pool = new SimulatedPool(seed, members, SwimSettings.lan());
        pool.network().weather(new Weather(loss, 0.01, Duration.ofNanos(100_000), Duration.ofMillis(20)));
        pool.startAll(FEW_SECONDS);
        pool.awaitCompany(pool.agreementBound());
        return pool;
    }

    @Test
    void without_faults_nobody_is_ever_suspected() {
        SimulatedPool pool = pool(100, 0);
        pool.awaitAgreement(pool.agreementBound());
        pool.run(Duration.ofMinutes(5));
        assertThat(pool.failuresSeen()).isZero();
        assertThat(pool.nodes())
                .allSatisfy(node -> assertThat(
                                node.machine().ownWord().incarnation().number())
                        .as("refutations of %s, seed %d", node, pool.world().seed())
                        .isZero());
        assertThat(pool.isAgreed()).isTrue();
    }

    @Test
    void a_quarter_of_all_packets_lost_makes_no_living_host_dead() {
        SimulatedPool pool = pool(100, 0.25);
        pool.run(Duration.ofMinutes(3));
        assertThat(pool.failuresSeen()).as("seed %d", pool.world().seed()).isZero();
    }

    @Test
    void every_crash_is_known_everywhere_within_the_bound() {
        SimulatedPool pool = pool(50, 0.05);
        SimulatedNode victim = pool.nodes().get(17);
        victim.crash(DiskFate.KEPT);
        Duration took = pool.await("detection", pool.detectionBound(), () -> pool.isGivenUp(victim));
        assertThat(took).isGreaterThan(Duration.ofSeconds(1));

        victim.start(List.of());
        pool.await(
                "return",
                pool.agreementBound(),
                () -> pool.running().stream()
                        .filter(node -> node != victim)
                        .allMatch(node -> node.machine()
                                .find(victim.id())
                                .map(member -> member.standing() == Standing.ALIVE)
                                .orElse(false)));
    }

    @Test
    void who_leaves_is_known_to_have_left_within_the_spread_time_and_never_as_failed() {
        SimulatedPool pool = pool(50, 0.1);
        SimulatedNode leaver = pool.nodes().get(33);
        leaver.leave();
        pool.await("goodbye", Duration.ofSeconds(10), () -> !leaver.isRunning() && pool.isSeenLeft(leaver));
        pool.run(Duration.ofMinutes(2));
        assertThat(pool.failuresSeen()).as("seed %d", pool.world().seed()).isZero();
    }

    @Test
    void a_host_that_wakes_from_a_pause_accuses_nobody() {
        SimulatedPool pool = pool(30, 0);
        SimulatedNode sleeper = pool.nodes().get(7);
        Duration pause = Duration.ofMinutes(2);
        new PoolStage(pool).play(FaultScript.of(new HostFault.Pause(Duration.ZERO, pause, Hosts.of(7))));
        pool.run(pause.minusSeconds(1));
        assertThat(pool.isGivenUp(sleeper)).isTrue();
        long failuresOfTheOthers = pool.failuresSeen();

        pool.run(Duration.ofSeconds(1));
        pool.awaitAgreement(pool.agreementBound());

        assertThat(pool.failuresSeen()).isEqualTo(failuresOfTheOthers);
        assertThat(pool.nodes().stream().filter(node -> node != sleeper))
                .allSatisfy(node -> assertThat(
                                node.machine().ownWord().incarnation().number())
                        .isZero());
    }

    @Test
    void two_halves_that_were_apart_find_each_other_again() {
        SimulatedPool pool = pool(40, 0.02);
        List<SimulatedNode> one = pool.nodes().subList(0, 20);
        List<SimulatedNode> other = pool.nodes().subList(20, 40);
        // Longer than the dead are told anything: only the comparisons with the dead can heal it.
        Duration apart = Duration.ofMinutes(5);
        Hosts half = Hosts.of(IntStream.range(0, 20).toArray());
        PoolStage stage = new PoolStage(pool);
        stage.play(FaultScript.of(new LinkFault.Cut(Duration.ZERO, apart, half, half.others(40), true)));
        pool.run(apart.minusSeconds(1));
        assertThat(one.get(0).machine().find(other.get(0).id()))
                .get()
                .satisfies(member -> assertThat(member.standing()).isEqualTo(Standing.DEAD));
        NodeContent news = other.get(3).publish();

        stage.calm();
        pool.awaitAgreement(pool.agreementBound());
        assertThat(pool.knowing(news)).isEqualTo(40);
    }

    @Test
    void a_change_reaches_ninety_nine_of_a_hundred_within_two_seconds_at_ten_per_cent_loss() {
        SimulatedPool pool = pool(100, 0.1);
        pool.run(Duration.ofSeconds(30));
        long knew = 0;
        int changes = 20;
        for (int i = 0; i < changes; i++) {
            NodeContent change = pool.nodes().get(5 * i).publish();
            pool.run(Duration.ofSeconds(2));
            knew += pool.knowing(change);
            pool.run(FEW_SECONDS);
        }
        assertThat(knew)
                .as("of %d, seed %d", 100 * changes, pool.world().seed())
                .isGreaterThanOrEqualTo(99L * changes);
    }

    @Test
    void a_host_that_lost_its_disk_is_accepted_with_its_old_name_and_key() {
        SimulatedPool pool = pool(20, 0);
        SimulatedNode host = pool.nodes().get(5);
        long before = host.machine().ownWord().incarnation().epoch();
        host.crash(DiskFate.LOST);
        pool.run(Duration.ofSeconds(3));
        host.start(List.of(pool.nodes().get(0).address()));
        pool.awaitAgreement(pool.agreementBound());
        assertThat(host.machine().ownWord().incarnation().epoch()).isGreaterThan(before);
    }
}
