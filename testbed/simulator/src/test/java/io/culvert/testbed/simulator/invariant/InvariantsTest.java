package io.culvert.testbed.simulator.invariant;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.culvert.catalog.IpAddress;
import io.culvert.catalog.Liveness;
import io.culvert.catalog.NodeContent;
import io.culvert.gossip.bounds.Size;
import io.culvert.gossip.core.Effect;
import io.culvert.gossip.membership.MemberChange;
import io.culvert.gossip.membership.SwimSettings;
import io.culvert.gossip.wire.Incarnation;
import io.culvert.gossip.wire.PeerAddress;
import io.culvert.gossip.wire.Refusal;
import io.culvert.testbed.simulator.fault.FaultScript;
import io.culvert.testbed.simulator.fault.Pardons;
import io.culvert.testbed.simulator.invariant.Intruded.Standing;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** An invariant that cannot fail checks nothing: each is broken here on purpose, and has to say so. */
class InvariantsTest {
    private static final long SECOND = 1_000_000_000L;
    private static final long HOUR = 3_600 * SECOND;

    private long now;
    private final Invariants invariants = new Invariants(new Watch(() -> now, SwimSettings.lan()));
    private final FakeHost a = new FakeHost(0);
    private final FakeHost b = new FakeHost(1);
    private final FakeHost c = new FakeHost(2);

    @BeforeEach
    void aPoolOfThree() {
        for (FakeHost host : List.of(a, b, c)) {
            invariants.add(host);
            invariants.started(host);
        }
        invariants.pardons(Pardons.of(FaultScript.of(), 0));
    }

    private static void breaks(int invariant, ThrowingCallable what) {
        assertThatThrownBy(what)
                .isInstanceOf(Violation.class)
                .hasMessageStartingWith("invariant " + invariant + " at ");
    }

    private static MemberChange change(FakeHost member, Liveness after, long epoch, long number) {
        return new MemberChange(member.id(), null, after, new Incarnation(epoch, number), "test");
    }

    private void pardon(String script) {
        invariants.pardons(Pardons.of(FaultScript.parse(script), 0));
    }

    @Test
    void one_a_start_that_is_not_newer_than_the_last() {
        b.restart(100);
        breaks(1, () -> invariants.started(b));
    }

    @Test
    void one_a_lost_disk_excuses_until_the_pool_has_told() {
        b.remembers = false;
        b.restart(40);
        b.meet(a);
        assertThatCode(() -> invariants.started(b)).doesNotThrowAnyException();
        now += 25 * SECOND;
        breaks(1, invariants::sampled);
    }

    @Test
    void one_a_host_that_reports_itself_dead() {
        breaks(1, () -> invariants.changed(a, change(a, Liveness.FAILED, 100, 0)));
    }

    @Test
    void one_an_incarnation_that_shrinks_while_it_runs() {
        b.restart(99);
        breaks(1, invariants::sampled);
    }

    @Test
    void two_a_dead_host_that_lives_again_without_a_larger_incarnation() {
        pardon("pause at=0s length=1h hosts=1");
        invariants.changed(a, change(b, Liveness.ALIVE, 100, 5));
        invariants.changed(a, change(b, Liveness.FAILED, 100, 5));
        invariants.changed(a, change(b, Liveness.ALIVE, 100, 6));
        invariants.changed(a, change(b, Liveness.FAILED, 100, 6));
        breaks(2, () -> invariants.changed(a, change(b, Liveness.ALIVE, 100, 6)));
    }

    @Test
    void two_an_older_incarnation() {
        invariants.changed(a, change(b, Liveness.ALIVE, 100, 5));
        breaks(2, () -> invariants.changed(a, change(b, Liveness.SUSPECT, 100, 4)));
        breaks(2, () -> invariants.changed(a, change(b, Liveness.SUSPECT, 99, 9)));
    }

    @Test
    void three_a_living_host_that_is_held_for_dead() {
        breaks(3, () -> invariants.changed(a, change(b, Liveness.FAILED, 100, 0)));
        pardon("pause at=0s length=1s hosts=1");
        assertThatCode(() -> invariants.changed(c, change(b, Liveness.FAILED, 100, 0)))
                .doesNotThrowAnyException();
    }

    @Test
    void three_an_excuse_runs_out() {
        pardon("pause at=0s length=1s hosts=1");
        now += 3 * 60 * SECOND;
        breaks(3, () -> invariants.changed(a, change(b, Liveness.FAILED, 100, 0)));
    }

    @Test
    void four_a_crash_that_somebody_never_notices() {
        a.meet(b);
        now += SECOND;
        b.running = false;
        invariants.stopped(b);
        now += 30 * SECOND;
        assertThatCode(invariants::sampled).doesNotThrowAnyException();
        now += 60 * SECOND;
        breaks(4, invariants::sampled);
    }

    @Test
    void four_crashes_that_are_noticed_late() {
        b.running = false;
        invariants.stopped(b);
        now += 25 * SECOND;
        for (int i = 0; i < 300; i++) {
            invariants.changed(i % 2 == 0 ? a : c, change(b, Liveness.FAILED, 100, i));
        }
        breaks(4, invariants::ended);
    }

    @Test
    void five_a_goodbye_that_somebody_does_not_hear() {
        now += SECOND;
        b.running = false;
        a.liveness.put(b.id(), Liveness.ALIVE);
        invariants.leaving(b);
        invariants.stopped(b);
        invariants.left(b);
        now += 40 * SECOND;
        breaks(5, invariants::sampled);
    }

    @Test
    void five_a_goodbye_that_is_taken_for_a_failure() {
        b.running = false;
        invariants.stopped(b);
        invariants.left(b);
        breaks(5, () -> invariants.changed(a, change(b, Liveness.FAILED, 100, 0)));
    }

    @Test
    void six_tables_that_differ() {
        a.meet(b);
        breaks(6, invariants::settle);
    }

    @Test
    void six_contents_that_differ_under_equal_roots() {
        meetAll();
        assertThatCode(invariants::settle).doesNotThrowAnyException();
        a.contents.put(b.id(), b.content(1));
        c.contents.put(b.id(), b.content(2));
        breaks(6, invariants::settle);
    }

    private void meetAll() {
        for (FakeHost one : List.of(a, b, c)) {
            for (FakeHost other : List.of(a, b, c)) {
                if (one != other) {
                    one.meet(other);
                }
            }
        }
    }

    @Test
    void seven_content_that_was_never_published() {
        invariants.published(b, b.content(1));
        assertThatCode(() -> invariants.contentShown(a, b.content(1))).doesNotThrowAnyException();
        breaks(7, () -> invariants.contentShown(a, b.content(2)));
    }

    @Test
    void seven_content_that_goes_back() {
        invariants.published(b, b.content(1));
        invariants.published(b, b.content(2));
        invariants.contentShown(a, b.content(2));
        breaks(7, () -> invariants.contentShown(a, b.content(1)));
    }

    @Test
    void eight_a_deleted_instance_that_reappears() {
        meetAll();
        invariants.published(b, b.content(1));
        invariants.published(b, b.content(2));
        assertThatCode(() -> invariants.contentShown(a, b.content(1))).doesNotThrowAnyException();
        invariants.settle();
        breaks(8, () -> invariants.contentShown(c, b.content(1)));
    }

    @Test
    void eight_a_forgotten_host_that_is_alive_again_in_its_old_life() {
        invariants.changed(a, change(b, Liveness.ALIVE, 100, 0));
        b.running = false;
        invariants.changed(a, change(b, Liveness.FAILED, 100, 0));
        now += 72 * HOUR;
        invariants.forgotten(a, b.id());
        assertThatCode(() -> invariants.changed(c, change(b, Liveness.ALIVE, 100, 1)))
                .doesNotThrowAnyException();
        breaks(8, () -> invariants.changed(a, change(b, Liveness.ALIVE, 100, 1)));
    }

    @Test
    void nine_a_host_that_is_forgotten_while_it_can_be_reached_or_too_early() {
        breaks(9, () -> invariants.forgotten(a, b.id()));
        b.running = false;
        invariants.changed(a, change(b, Liveness.FAILED, 100, 0));
        now += 70 * HOUR;
        breaks(9, () -> invariants.forgotten(a, b.id()));
        now += 2 * HOUR;
        assertThatCode(() -> invariants.forgotten(a, b.id())).doesNotThrowAnyException();
    }

    @Test
    void ten_a_route_to_a_host_that_the_table_does_not_hold() {
        a.liveness.put(b.id(), Liveness.ALIVE);
        breaks(10, invariants::sampled);
        a.meet(b);
        assertThatCode(invariants::sampled).doesNotThrowAnyException();
    }

    @Test
    void ten_changes_that_take_longer_than_two_seconds() {
        for (int i = 0; i < 600; i++) {
            now += 3_600 * SECOND;
            invariants.published(b, b.content(i));
            a.contents.put(b.id(), b.content(i));
            c.contents.put(b.id(), b.content(i % 10 == 0 ? i - 1 : i));
            now += 2 * SECOND;
            keepTalking();
            invariants.sampled();
        }
        breaks(10, invariants::ended);
    }

    private void keepTalking() {
        List.of(a, b, c).forEach(host -> invariants.sent(host, 1));
    }

    @Test
    void eleven_a_table_over_its_bound() {
        a.holds(List.of(new Size("rumours", 10, 10)));
        assertThatCode(invariants::sampled).doesNotThrowAnyException();
        a.holds(List.of(new Size("rumours", 11, 10)));
        breaks(11, invariants::sampled);
    }

    @Test
    void twelve_a_host_that_sends_more_than_it_may() {
        SwimSettings.Budget budget = SwimSettings.lan().spread().budget();
        int most = budget.burstBytes() + 10 * (budget.bytesPerSecond() + 20_000);
        invariants.sent(a, most);
        now += 10 * SECOND;
        assertThatCode(invariants::sampled).doesNotThrowAnyException();
        invariants.sent(a, most + 1);
        now += 10 * SECOND;
        breaks(12, invariants::sampled);
    }

    @Test
    void twelve_an_answer_to_a_stranger() {
        Effect.Send answer = new Effect.Send(new PeerAddress(IpAddress.ofIpv4(7), 8301), new byte[100]);
        breaks(12, () -> invariants.intruded(a, new Intruded(Standing.KEYLESS, 100, List.of(answer), false)));
        breaks(12, () -> invariants.intruded(a, new Intruded(Standing.COOKIELESS, 99, List.of(answer), false)));
        assertThatCode(() -> invariants.intruded(a, new Intruded(Standing.COOKIELESS, 100, List.of(answer), false)))
                .doesNotThrowAnyException();
    }

    @Test
    void thirteen_a_stranger_who_changes_something() {
        breaks(13, () -> invariants.intruded(a, new Intruded(Standing.KEYLESS, 100, List.of(), true)));
        breaks(
                13,
                () -> invariants.intruded(
                        a, new Intruded(Standing.KEYLESS, 100, List.of(new Effect.PersistEpoch(7)), false)));
    }

    @Test
    void thirteen_a_goodbye_that_was_never_said() {
        breaks(13, () -> invariants.changed(a, change(b, Liveness.LEFT, 100, 0)));
        invariants.leaving(b);
        assertThatCode(() -> invariants.changed(c, change(b, Liveness.LEFT, 100, 0)))
                .doesNotThrowAnyException();
    }

    @Test
    void fourteen_a_machine_that_throws() {
        breaks(14, () -> invariants.failed(a, new IllegalStateException("planted")));
    }

    @Test
    void fourteen_a_host_that_falls_silent() {
        a.meet(b);
        invariants.sampled();
        now += 30 * SECOND;
        breaks(14, invariants::sampled);
    }

    @Test
    void fifteen_a_member_whose_key_is_refused() {
        breaks(15, () -> invariants.refusedMember(a, Refusal.NOT_AUTHENTIC));
        pardon("bit-flip at=0s length=10s from=all to=all share=0.1");
        assertThatCode(() -> invariants.refusedMember(a, Refusal.NOT_AUTHENTIC)).doesNotThrowAnyException();
    }

    @Test
    void sixteen_a_clone_that_is_not_noticed_by_both() {
        FakeHost clone = new FakeHost(3);
        invariants.cloned(a, clone);
        invariants.cloneNoticed(a);
        now += 30 * SECOND;
        breaks(16, invariants::sampled);
        invariants.cloneNoticed(clone);
        assertThatCode(invariants::sampled).doesNotThrowAnyException();
    }

    @Test
    void sixteen_tables_that_oscillate_between_two_clones() {
        invariants.cloned(a, new FakeHost(3));
        breaks(16, () -> {
            for (int i = 0; i < 20; i++) {
                invariants.changed(b, change(a, Liveness.ALIVE, 101 + i, 0));
            }
        });
    }

    @Test
    void what_is_as_it_should_be_breaks_nothing() {
        Map<FakeHost, NodeContent> published = Map.of(a, a.content(1), b, b.content(1), c, c.content(1));
        meetAll();
        published.forEach(invariants::published);
        for (int second = 0; second < 300; second++) {
            now += SECOND;
            keepTalking();
            invariants.sampled();
        }
        assertThatCode(invariants::settle).doesNotThrowAnyException();
        assertThatCode(invariants::ended).doesNotThrowAnyException();
    }
}
