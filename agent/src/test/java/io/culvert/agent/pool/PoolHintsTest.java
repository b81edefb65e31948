package io.culvert.agent.pool;

import static org.assertj.core.api.Assertions.assertThat;

import io.culvert.catalog.IpAddress;
import io.culvert.catalog.Liveness;
import io.culvert.catalog.NodeId;
import io.culvert.catalog.NodeName;
import io.culvert.gossip.JoinStatus;
import io.culvert.gossip.MemberView;
import io.culvert.gossip.membership.MemberChange;
import io.culvert.gossip.replication.ReplicationNotice;
import io.culvert.gossip.wire.Incarnation;
import io.culvert.gossip.wire.Refusal;
import io.culvert.testbed.kit.VirtualTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What happened goes into the watch; what a person is told comes out, for as long as it is so. */
class PoolHintsTest {
    private final VirtualTime time = new VirtualTime(Instant.EPOCH);
    private final PoolWatch watch = new PoolWatch(time::nanos);
    private final List<MemberView> members = new ArrayList<>();
    private JoinStatus join = JoinStatus.NOT_STARTED;
    private List<String> tuning = List.of();

    private static NodeId id(int number) {
        return new NodeId(number, number);
    }

    private void member(int number, String name, Liveness liveness, Duration since) {
        members.add(new MemberView(
                id(number),
                Optional.of(new NodeName(name)),
                IpAddress.parse("10.0.0." + number),
                8301,
                8443,
                false,
                liveness,
                1,
                1,
                Optional.empty(),
                Optional.of("0.1.0"),
                "",
                since,
                Optional.empty(),
                false,
                number == 1));
    }

    private List<Hint> hints() {
        return PoolHints.of(members, join, watch.state(), tuning);
    }

    private Hint only() {
        assertThat(hints()).hasSize(1);
        return hints().get(0);
    }

    private void pool(int size) {
        for (int i = 1; i <= size; i++) {
            member(i, "host-" + i, Liveness.ALIVE, Duration.ofMinutes(5));
        }
    }

    @Test
    void all_is_well_and_nothing_is_said() {
        pool(5);
        watch.probed(id(2), 1_000_000);
        watch.healthScore(1);
        member(6, "gone", Liveness.LEFT, Duration.ofDays(2));
        member(7, "down", Liveness.FAILED, Duration.ofMinutes(3));
        assertThat(hints()).isEmpty();
    }

    @Test
    void members_that_answer_over_tcp_only_mean_that_udp_is_blocked() {
        pool(8);
        for (int i = 2; i <= 8; i++) {
            watch.datagramsLost(id(i));
        }
        assertThat(only().kind()).isEqualTo(Hint.Kind.UDP);
        assertThat(only().what())
                .isEqualTo("7 of 7 members answer over TCP only: host-2, host-3, host-4, host-5, host-6 and 2 more");
        assertThat(only().remedy()).contains("UDP", "8301");

        // A direct answer, or the end of a member, ends it.
        for (int i = 2; i <= 7; i++) {
            watch.probed(id(i), 1);
        }
        assertThat(only().what()).startsWith("1 of 7");
        watch.memberChanged(
                new MemberChange(id(8), Liveness.SUSPECT, Liveness.FAILED, new Incarnation(1, 1), "no answer"));
        assertThat(hints()).isEmpty();
    }

    @Test
    void a_frozen_pool_says_since_when_and_that_nobody_is_removed() {
        pool(3);
        watch.frozen(true);
        time.advance(Duration.ofMinutes(3));
        assertThat(only().kind()).isEqualTo(Hint.Kind.FROZEN);
        assertThat(only().what()).contains("for 3 min");
        assertThat(only().remedy()).contains("network", "culvert force-leave");
        watch.frozen(false);
        assertThat(hints()).isEmpty();
    }

    @Test
    void a_clone_comes_first_and_is_history_after_ten_quiet_minutes() {
        pool(2);
        watch.healthScore(4);
        watch.contentNoticed(new ReplicationNotice(ReplicationNotice.Kind.OWN_IDENTITY_CLONED, id(1), id(2)));
        assertThat(hints()).extracting(Hint::kind).containsExactly(Hint.Kind.CLONE, Hint.Kind.SLOW);
        time.advance(Duration.ofMinutes(9));
        watch.cloneSuspected();
        time.advance(Duration.ofMinutes(9));
        assertThat(hints()).extracting(Hint::kind).contains(Hint.Kind.CLONE);
        time.advance(Duration.ofMinutes(1));
        assertThat(hints()).extracting(Hint::kind).containsExactly(Hint.Kind.SLOW);
    }

    @Test
    void a_search_that_nobody_answers_names_whom_it_asked_and_when_it_goes_on() {
        pool(1);
        join = new JoinStatus(
                true,
                4,
                List.of("10.0.0.8:8301"),
                List.of("db.example: no such name, or no resolver answers"),
                Optional.of(Duration.ofSeconds(7)));
        assertThat(only().kind()).isEqualTo(Hint.Kind.ALONE);
        assertThat(only().what()).contains("4 rounds", "10.0.0.8:8301", "db.example: no such name", "again in 7 s");
        assertThat(only().remedy()).contains("gossip.retry_join");
    }

    @Test
    void two_present_hosts_of_one_name_are_told_apart_by_address() {
        pool(2);
        member(3, "HOST-2", Liveness.ALIVE, Duration.ZERO);
        member(4, "host-1", Liveness.FAILED, Duration.ofMinutes(1));
        assertThat(only().kind()).isEqualTo(Hint.Kind.NAME);
        assertThat(only().what()).contains("2 hosts are called host-2", "10.0.0.2", "10.0.0.3");
    }

    @Test
    void strangers_with_another_key_clocks_and_pauses_are_told_while_they_are_recent() {
        pool(2);
        watch.refused(Refusal.NOT_AUTHENTIC, "10.9.9.9:1234");
        watch.refused(Refusal.NOT_AUTHENTIC, "10.9.9.9:1235");
        watch.refused(Refusal.MALFORMED, "10.9.9.8:1");
        watch.contentNoticed(new ReplicationNotice(ReplicationNotice.Kind.CLOCK_SKEW, id(2), id(2)));
        watch.paused(Duration.ofSeconds(20).toNanos());
        assertThat(hints()).extracting(Hint::kind).containsExactly(Hint.Kind.KEY, Hint.Kind.PAUSED, Hint.Kind.CLOCK);
        assertThat(hints().get(0).what()).endsWith("came from 10.9.9.9");
        assertThat(hints().get(1).what()).contains("20 s");
        assertThat(hints().get(2).what()).contains("host-2");
        time.advance(Duration.ofMinutes(10));
        assertThat(hints()).isEmpty();
    }

    @Test
    void those_that_failed_long_ago_may_be_given_up() {
        pool(2);
        member(3, "dead-1", Liveness.FAILED, Duration.ofHours(2));
        assertThat(only().kind()).isEqualTo(Hint.Kind.FAILED);
        assertThat(only().what()).contains("dead-1");
        assertThat(only().remedy()).contains("culvert force-leave", "gossip.forget_after");
    }

    @Test
    void tuning_that_is_dangerous_for_a_pool_of_this_size_is_told_last() {
        pool(2);
        watch.healthScore(2);
        tuning = List.of("5000 gossip bytes per second are too few");
        assertThat(hints()).extracting(Hint::kind).containsExactly(Hint.Kind.SLOW, Hint.Kind.TUNING);
        assertThat(hints().get(1).what()).contains("5000 gossip bytes");
    }

    @Test
    void a_flood_of_strangers_and_members_stays_within_bounds() {
        for (int i = 0; i < 5_000; i++) {
            watch.refused(Refusal.NOT_AUTHENTIC, "10.1." + i / 250 + "." + i % 250 + ":1");
            watch.datagramsLost(id(i));
            watch.contentNoticed(new ReplicationNotice(ReplicationNotice.Kind.CLOCK_SKEW, id(i), id(i)));
        }
        assertThat(watch.state().otherKey()).hasSize(16);
        assertThat(watch.state().byStream()).hasSize(1_024);
        assertThat(watch.state().skewed()).hasSize(1_024);
    }
}
