package io.culvert.testbed.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import io.culvert.gossip.membership.MemberState;
import io.culvert.gossip.membership.Standing;
import io.culvert.gossip.membership.SwimSettings;
import io.culvert.testbed.kit.Seeds;
import io.culvert.testbed.simulator.fault.FaultScript;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Days of virtual time: few hosts that speak rarely, so that an idle hour costs little; the hours are those of production. */
class LongRunsTest {
    private static final int MEMBERS = 6;
    private static final Duration START = Duration.ofMinutes(1);

    private final SimulatedPool pool =
            new SimulatedPool(Seeds.seeds(1).findFirst().orElseThrow(), MEMBERS, unhurried());
    private final PoolStage stage = new PoolStage(pool);

    private static SwimSettings unhurried() {
        SwimSettings lan = SwimSettings.lan();
        Duration interval = Duration.ofSeconds(20);
        return new SwimSettings(
                new SwimSettings.Probe(interval, Duration.ofSeconds(5), 3, 7),
                lan.suspicion(),
                new SwimSettings.Spread(
                        interval,
                        lan.spread().fanout(),
                        lan.spread().copiesMultiplier(),
                        Duration.ofMinutes(1),
                        Duration.ofMinutes(10),
                        lan.spread().budget()),
                lan.keeping());
    }

    private void start() {
        pool.startAll(START);
        pool.awaitAgreement(pool.agreementBound());
    }

    private void awaitAgreement() {
        stage.calm();
        pool.awaitAgreement(pool.agreementBound().plus(pool.detectionBound()));
    }

    @ParameterizedTest
    @ValueSource(strings = {"1m", "1h", "71h"})
    void a_partition_heals_without_an_operator_and_no_half_deletes_what_the_other_has(String length) {
        start();
        FaultScript script = FaultScript.parse("cut at=0s length=" + length + " from=0-2 to=3-5 both=true");
        stage.play(script);
        pool.run(script.length().minusSeconds(1));
        assertEverybodyHoldsEverything();
        pool.nodes().get(4).publish();
        pool.run(Duration.ofSeconds(1));
        awaitAgreement();
        assertEverybodyHoldsEverything();
        pool.invariants().ended();
    }

    private void assertEverybodyHoldsEverything() {
        for (SimulatedNode observer : pool.nodes()) {
            for (SimulatedNode owner : pool.nodes()) {
                if (owner != observer) {
                    assertThat(observer.contentOf(owner.id()))
                            .as(
                                    "%s of %s, seed %d",
                                    observer, owner, pool.world().seed())
                            .isPresent();
                }
            }
        }
    }

    @Test
    void a_dead_owner_is_kept_for_three_days_and_then_forgotten_by_all() {
        start();
        SimulatedNode dead = pool.nodes().get(2);
        stage.play(FaultScript.parse("crash at=0s length=0s hosts=2 disk=kept"));
        pool.run(Duration.ofHours(71));
        assertThat(holdersOf(dead)).hasSize(MEMBERS - 1);
        pool.run(Duration.ofHours(2));
        assertThat(holdersOf(dead)).isEmpty();
        awaitAgreement();
    }

    private List<SimulatedNode> holdersOf(SimulatedNode owner) {
        return pool.running().stream()
                .filter(node -> node.contentOf(owner.id()).isPresent()
                        || node.machine().find(owner.id()).isPresent())
                .toList();
    }

    @ParameterizedTest
    @ValueSource(strings = {"crash at=1h length=80h hosts=4 disk=kept", "pause at=1h length=80h hosts=4"})
    void who_was_away_meanwhile_does_not_bring_the_forgotten_back(String absence) {
        start();
        SimulatedNode dead = pool.nodes().get(2);
        stage.play(FaultScript.parse("crash at=2h length=0s hosts=2 disk=kept;" + absence));
        pool.run(Duration.ofHours(80));
        assertThat(holdersOf(dead)).isEmpty();
        // Invariant 8 watches: nobody who forgot the dead one may take it for alive again.
        pool.run(Duration.ofHours(2));
        assertThat(holdersOf(dead))
                .as("the one that was away may still flag it")
                .hasSizeLessThanOrEqualTo(1);
        assertThat(pool.running())
                .hasSize(MEMBERS - 1)
                .allSatisfy(node -> assertThat(node.machine()
                                .find(dead.id())
                                .map(MemberState::standing)
                                .map(Standing::isPresent)
                                .orElse(false))
                        .as("%s, seed %d", node, pool.world().seed())
                        .isFalse());
    }

    @Test
    void who_comes_back_after_it_was_forgotten_is_a_member_again() {
        start();
        stage.play(FaultScript.parse("crash at=0s length=80h hosts=2 disk=kept"));
        pool.run(Duration.ofHours(80).plusMinutes(1));
        awaitAgreement();
        assertThat(pool.running()).hasSize(MEMBERS);
        assertEverybodyHoldsEverything();
    }
}
