package io.culvert.gossip.membership;

import static org.assertj.core.api.Assertions.assertThat;

import io.culvert.gossip.wire.Frame;
import io.culvert.gossip.wire.Incarnation;
import io.culvert.gossip.wire.Peer;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What others can make grow, and where it ends. */
class BoundsTest {
    private static final long SECOND = LoneMember.SECOND;

    private static LoneMember small(int mostMembers) {
        SwimSettings lan = SwimSettings.lan();
        return new LoneMember(
                new SwimSettings(
                        lan.probe(),
                        lan.suspicion(),
                        lan.spread(),
                        new SwimSettings.Keeping(Duration.ofHours(72), Duration.ofHours(36), mostMembers)),
                1);
    }

    private static long count(LoneMember lone, Class<? extends MembershipPort.Notice> kind) {
        return lone.port.notices.stream().filter(kind::isInstance).count();
    }

    @Test
    void a_full_table_refuses_newcomers_and_goes_on_with_those_it_has() {
        LoneMember lone = small(100);
        for (int i = 1; i <= 150; i++) {
            lone.admit(i);
        }
        assertThat(lone.membership.others()).hasSize(100);
        assertThat(count(lone, MembershipPort.TableFull.class)).isEqualTo(50);
        assertThat(lone.membership.find(new FakeSigner(1).id())).isPresent();
        lone.hear(LoneMember.suspect(new FakeSigner(1), 0));
        lone.hear(new FakeSigner(1).alive(1));
        assertThat(lone.standing(new FakeSigner(1))).isEqualTo(Standing.ALIVE);
    }

    @Test
    void a_full_table_makes_room_by_forgetting_who_is_gone() {
        LoneMember lone = small(100);
        for (int i = 1; i <= 100; i++) {
            lone.admit(i);
        }
        lone.hear(new FakeSigner(50).left(0));
        lone.admit(101);
        assertThat(lone.membership.find(new FakeSigner(101).id()))
                .as("just gone: still told")
                .isEmpty();
        lone.pass(31 * SECOND);
        lone.admit(101);
        assertThat(lone.membership.find(new FakeSigner(101).id())).isPresent();
        assertThat(lone.port.forgotten).containsExactly(new FakeSigner(50).id());
        assertThat(lone.membership.others()).hasSize(100);
    }

    @Test
    void forged_words_without_end_are_neither_kept_nor_checked_without_end() {
        LoneMember lone = new LoneMember();
        Hearing stranger = new Hearing(new FakeSigner(5).id(), false, false);
        for (int i = 0; i < 100_000; i++) {
            lone.membership.onRumour(new FakeSigner(1 + i).alive(0), stranger, lone.now);
        }
        assertThat(lone.port.claims).hasSize(Claims.MOST_CHECKED_AT_ONCE);
        assertThat(lone.membership.load().claims()).isEqualTo(16_384 + Claims.MOST_CHECKED_AT_ONCE);
        assertThat(lone.membership.load().claimsDropped()).isEqualTo(100_000 - 16_384 - Claims.MOST_CHECKED_AT_ONCE);
    }

    @Test
    void strangers_who_forge_cost_a_hundred_checks_a_second_and_no_more() {
        LoneMember lone = new LoneMember();
        long checks = 0;
        for (int i = 0; i < 20_000; i++) {
            lone.now += SECOND / 2_000;
            Hearing stranger = new Hearing(new FakeSigner(i).id(), false, false);
            lone.membership.onRumour(new FakeSigner(1 + i).alive(0), stranger, lone.now);
            for (MembershipPort.Claim claim : List.copyOf(lone.port.claims)) {
                checks++;
                lone.membership.onVerdict(claim, false, lone.now);
            }
            lone.port.claims.clear();
        }
        assertThat(checks).isBetween(900L, 1_200L);
    }

    @Test
    void rumours_are_bounded_and_the_most_told_go_first() {
        RumourQueue queue = new RumourQueue();
        for (int i = 0; i < 50_000; i++) {
            queue.introduce(new FakeSigner(i).alive(0), i);
            queue.add(LoneMember.suspect(new FakeSigner(50_000 + i), 0), i);
        }
        assertThat(queue.size()).isEqualTo(2 * RumourQueue.MOST);
        assertThat(queue.dropped()).isEqualTo(2 * (50_000 - RumourQueue.MOST));
    }

    @Test
    void newcomers_leave_three_fourths_of_the_room_to_news_of_members() {
        RumourQueue queue = new RumourQueue();
        for (int i = 0; i < 1_000; i++) {
            queue.introduce(new FakeSigner(i).alive(0), 0);
            queue.add(LoneMember.suspect(new FakeSigner(5_000 + i), 0), 0);
        }
        long members = 0;
        long newcomers = 0;
        for (int packet = 0; packet < 20; packet++) {
            for (Frame frame : queue.take(1_200, 100)) {
                if (frame instanceof Frame.Suspect) {
                    members += frame.length();
                } else {
                    newcomers += frame.length();
                }
            }
        }
        assertThat(members).isGreaterThan(2 * newcomers);
        assertThat(newcomers).isGreaterThan(20 * 151 - 1);
    }

    @Test
    void the_age_of_a_queue_is_that_of_its_oldest_rumour() {
        RumourQueue queue = new RumourQueue();
        assertThat(queue.oldestNanos(SECOND)).isZero();
        queue.add(LoneMember.suspect(new FakeSigner(1), 0), SECOND);
        queue.introduce(new FakeSigner(2).alive(0), 2 * SECOND);
        assertThat(queue.oldestNanos(5 * SECOND)).isEqualTo(4 * SECOND);
        queue.add(new FakeSigner(1).alive(1), 4 * SECOND);
        assertThat(queue.oldestNanos(5 * SECOND)).isEqualTo(3 * SECOND);
        while (queue.size() > 0) {
            queue.take(1_200, 3);
        }
        assertThat(queue.oldestNanos(5 * SECOND)).isZero();
    }

    @Test
    void a_helper_does_so_many_errands_and_no_more_for_whoever_asks() {
        LoneMember lone = new LoneMember();
        FakeSigner target = lone.admit(1);
        FakeSigner asker = lone.admit(2);
        Peer peer = new Peer(asker.id(), asker.address());
        for (int i = 0; i < 10_000; i++) {
            lone.membership.onPingRequest(peer, new Frame.PingRequest(i, target.id(), 65_535), lone.now);
        }
        assertThat(lone.membership.load().errands()).isEqualTo(ProbeRelay.MOST);
        assertThat(count(lone, MembershipPort.RelayFull.class)).isEqualTo(10_000 - ProbeRelay.MOST);
        assertThat(lone.timers.size()).isLessThanOrEqualTo(2 * ProbeRelay.MOST);
        // No longer than an honest asker in the worst of health waits.
        lone.pass(8 * SECOND);
        assertThat(lone.membership.load().errands()).isZero();
    }

    @Test
    void a_helper_runs_no_errand_for_somebody_who_is_no_member() {
        LoneMember lone = new LoneMember();
        FakeSigner target = lone.admit(1);
        FakeSigner stranger = new FakeSigner(7);
        lone.membership.onPingRequest(
                new Peer(stranger.id(), stranger.address()), new Frame.PingRequest(3, target.id(), 500), lone.now);
        assertThat(lone.port.sent)
                .containsExactly(new RecordingPort.Sent(
                        new Peer(stranger.id(), stranger.address()), List.of(new Frame.Nack(3))));
    }

    /** Accusations and objections without end, for ten minutes: the timers of a member stay few. */
    @Test
    void timers_do_not_grow_with_accusations() {
        LoneMember lone = new LoneMember();
        for (int i = 1; i <= 50; i++) {
            lone.admit(i);
        }
        FakeSigner victim = new FakeSigner(1);
        int most = 0;
        for (int round = 0; round < 6_000; round++) {
            Incarnation known = new Incarnation(FakeSigner.EPOCH, round);
            for (int accuser = 2; accuser <= 5; accuser++) {
                FakeSigner by = new FakeSigner(2 + (4 * round + accuser) % 49);
                lone.hear(new Frame.Suspect(victim.id(), known, by.id()));
                lone.hear(new Frame.Dead(victim.id(), known, by.id()));
            }
            lone.pass(SECOND / 10);
            lone.hear(victim.alive(round + 1));
            most = Math.max(most, lone.timers.size());
        }
        assertThat(lone.standing(victim)).isEqualTo(Standing.ALIVE);
        assertThat(most).isLessThan(20);
    }

    @Test
    void an_accuser_has_a_bucket_in_its_row_and_nowhere_else() {
        AccusationLimiter limiter = new AccusationLimiter();
        Member accuser = new Member(new FakeSigner(1).alive(0), 0);
        int allowed = 0;
        for (int i = 0; i < 100; i++) {
            allowed += limiter.allows(accuser, 0) ? 1 : 0;
        }
        assertThat(allowed).isEqualTo(20);
        assertThat(limiter.allows(accuser, SECOND)).isTrue();
        assertThat(limiter.allows(new Member(new FakeSigner(2).alive(0), 0), 0)).isTrue();
    }
}
