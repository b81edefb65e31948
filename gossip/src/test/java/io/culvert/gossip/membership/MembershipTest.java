package io.culvert.gossip.membership;

import static org.assertj.core.api.Assertions.assertThat;

import io.culvert.catalog.IpAddress;
import io.culvert.catalog.Liveness;
import io.culvert.catalog.NodeId;
import io.culvert.gossip.identity.PublicKeyBytes;
import io.culvert.gossip.wire.Alive;
import io.culvert.gossip.wire.Coordinate;
import io.culvert.gossip.wire.Frame;
import io.culvert.gossip.wire.Incarnation;
import io.culvert.gossip.wire.Peer;
import io.culvert.gossip.wire.PeerAddress;
import java.util.List;
import org.junit.jupiter.api.Test;

class MembershipTest {
    private static final Hearing UNVOUCHED = new Hearing(LoneMember.MESSENGER.id(), false, false);
    private static final long SECOND = 1_000_000_000L;

    private final LoneMember lone = new LoneMember();
    private final RecordingPort port = lone.port;
    private final Membership membership = lone.membership;

    @Test
    void a_forged_number_cannot_shut_a_member_out() {
        FakeSigner key = lone.admit(1);
        lone.hear(new Frame.Dead(key.id(), new Incarnation(Incarnation.MAX_EPOCH, -1), LoneMember.ACCUSER.id()));
        assertThat(lone.standing(key)).isEqualTo(Standing.ALIVE);
        lone.hear(LoneMember.suspect(key, 0));
        lone.hear(key.alive(1));
        assertThat(lone.standing(key)).isEqualTo(Standing.ALIVE);
    }

    @Test
    void a_word_with_a_wrong_signature_changes_nothing_and_is_counted() {
        FakeSigner key = new FakeSigner(1);
        membership.onRumour(key.alive(0), UNVOUCHED, lone.now);
        membership.onVerdict(port.claims.get(0), false, lone.now);
        assertThat(membership.find(key.id())).isEmpty();
        assertThat(port.notices).contains(new MembershipPort.BadSignature(LoneMember.MESSENGER.id()));
    }

    @Test
    void a_key_that_does_not_make_the_id_is_not_even_checked() {
        Alive forged = new Alive(
                new FakeSigner(1).id(),
                new Incarnation(50, 0),
                new PeerAddress(IpAddress.parse("10.0.0.9"), 8301),
                0,
                0,
                new FakeSigner(2).publicKey(),
                new byte[PublicKeyBytes.SIGNATURE_BYTES]);
        membership.onRumour(forged, UNVOUCHED, lone.now);
        assertThat(port.claims).isEmpty();
        assertThat(port.notices).contains(new MembershipPort.BadSignature(LoneMember.MESSENGER.id()));
    }

    @Test
    void many_copies_of_a_word_cost_one_check() {
        for (int i = 0; i < 100; i++) {
            membership.onRumour(new FakeSigner(1).alive(0), UNVOUCHED, lone.now);
        }
        assertThat(port.claims).hasSize(1);
    }

    @Test
    void an_accusation_of_ourselves_is_refuted_with_the_next_number_only() {
        Incarnation own = membership.ownWord().incarnation();
        NodeId self = membership.ownWord().about();
        lone.hear(new Frame.Suspect(self, new Incarnation(own.epoch(), Long.MAX_VALUE), new FakeSigner(9).id()));
        assertThat(membership.ownWord().incarnation()).isEqualTo(own);

        lone.hear(new Frame.Suspect(self, own, new FakeSigner(9).id()));

        assertThat(membership.ownWord().incarnation()).isEqualTo(own.next());
        assertThat(port.spread).contains(membership.ownWord());
        assertThat(membership.healthScore()).isEqualTo(1);
    }

    @Test
    void a_flood_of_accusations_makes_us_sign_at_most_twenty_times_a_second() {
        NodeId self = membership.ownWord().about();
        for (int i = 0; i < 1_000; i++) {
            lone.now += SECOND / 1_000;
            while (lone.timers.nextAt() <= lone.now) {
                assertThat(lone.timers.runNext(lone.now)).isTrue();
            }
            lone.hear(new Frame.Suspect(self, membership.ownWord().incarnation(), new FakeSigner(9).id()));
        }
        assertThat(membership.ownWord().incarnation().number()).isBetween(10L, 21L);
    }

    @Test
    void an_earlier_life_of_ours_makes_us_take_a_larger_epoch() {
        Alive earlier = new Alive(
                membership.ownWord().about(),
                new Incarnation(500, 3),
                membership.ownWord().address(),
                8443,
                0,
                membership.ownWord().publicKey(),
                new byte[PublicKeyBytes.SIGNATURE_BYTES]);
        lone.hear(earlier);
        assertThat(membership.ownWord().incarnation()).isEqualTo(new Incarnation(501, 0));
        assertThat(port.own).containsExactly(new Incarnation(501, 0));
    }

    @Test
    void a_death_is_believed_of_those_who_had_time_to_object_only() {
        FakeSigner victim = lone.admit(1);
        lone.admit(2);
        lone.hear(LoneMember.dead(victim, 0));
        assertThat(lone.standing(victim)).isEqualTo(Standing.SUSPECT);
        lone.pass(lone.timeToObject() - 1);
        lone.hear(LoneMember.dead(victim, 0));
        assertThat(lone.standing(victim)).isEqualTo(Standing.SUSPECT);
        lone.pass(1);
        lone.hear(LoneMember.dead(victim, 0));
        assertThat(lone.standing(victim)).isEqualTo(Standing.DEAD);
    }

    @Test
    void the_accused_are_told_directly_before_their_time_is_over() {
        FakeSigner slandered = lone.admit(1);
        lone.admit(2);
        lone.admit(3);
        Frame.Rumour accusation = LoneMember.suspect(slandered, 0);
        lone.hear(accusation);
        lone.pass(lone.timeToObject() - 1);
        assertThat(port.sent).isEmpty();
        lone.pass(lone.timeToObject());
        assertThat(port.sent).hasSize(4).allSatisfy(sent -> {
            assertThat(sent.to().id()).isEqualTo(slandered.id());
            assertThat(sent.frames()).isEqualTo(List.of(accusation.frame()));
        });
        assertThat(port.streamPings).as("should datagrams not reach it").hasSize(1);
        assertThat(membership.accusationsOf(slandered.id())).isEqualTo(List.of(accusation.frame()));
    }

    @Test
    void invented_accusers_do_not_shorten_a_suspicion() {
        FakeSigner slandered = lone.admit(1);
        for (int i = 2; i <= 10; i++) {
            lone.admit(i);
        }
        lone.hear(LoneMember.suspect(slandered, 0));
        Incarnation known = new Incarnation(FakeSigner.EPOCH, 0);
        for (int i = 200; i < 210; i++) {
            lone.hear(new Frame.Suspect(slandered.id(), known, new FakeSigner(i).id()));
        }
        lone.pass(3 * lone.timeToObject());
        assertThat(lone.standing(slandered)).isEqualTo(Standing.SUSPECT);
        lone.hear(new Frame.Suspect(slandered.id(), known, new FakeSigner(2).id()));
        lone.hear(new Frame.Suspect(slandered.id(), known, new FakeSigner(3).id()));
        lone.pass(1);
        assertThat(lone.standing(slandered)).isEqualTo(Standing.DEAD);
    }

    @Test
    void one_sick_host_cannot_accuse_the_pool() {
        for (int i = 1; i <= 60; i++) {
            lone.admit(i);
        }
        for (int i = 1; i <= 60; i++) {
            lone.hear(LoneMember.suspect(new FakeSigner(i), 0));
        }
        assertThat(membership.others().stream().filter(member -> member.standing() == Standing.SUSPECT))
                .hasSize(20);
    }

    @Test
    void who_answers_nobody_is_suspected_and_given_up_in_time() {
        FakeSigner silent = lone.admit(1);
        membership.start(lone.now);
        lone.pass(3 * SECOND);
        assertThat(lone.standing(silent)).isEqualTo(Standing.SUSPECT);
        assertThat(port.streamPings).isNotEmpty();

        lone.pass(SwimRules.longestSuspicionNanos(SwimSettings.lan(), 2));

        assertThat(lone.standing(silent)).isEqualTo(Standing.DEAD);
        assertThat(port.changes)
                .extracting(MemberChange::after)
                .containsExactly(Liveness.ALIVE, Liveness.SUSPECT, Liveness.FAILED);
    }

    @Test
    void who_answers_is_not_suspected() {
        FakeSigner key = lone.admit(1);
        membership.start(lone.now);
        for (int i = 0; i < 100; i++) {
            lone.pass(SECOND / 10);
            for (RecordingPort.Sent sent : List.copyOf(port.sent)) {
                for (Frame frame : sent.frames()) {
                    if (frame instanceof Frame.Ping ping) {
                        membership.onAck(
                                key.id(), new Frame.Ack(ping.nonce(), key.id(), 0, 0, 0, Coordinate.ORIGIN), lone.now);
                    }
                }
            }
            port.sent.clear();
        }
        assertThat(port.changes).extracting(MemberChange::after).containsExactly(Liveness.ALIVE);
        assertThat(membership.healthScore()).isZero();
    }

    @Test
    void a_pause_restarts_every_suspicion() {
        FakeSigner silent = lone.admit(1);
        lone.hear(LoneMember.suspect(silent, 0));
        long almost = SwimRules.shortestSuspicionNanos(SwimSettings.lan(), 2) - SECOND;
        lone.pass(almost);
        membership.onPause(5 * SECOND, lone.now);
        lone.pass(almost);
        assertThat(lone.standing(silent)).isEqualTo(Standing.SUSPECT);
        lone.pass(2 * SECOND);
        assertThat(lone.standing(silent)).isEqualTo(Standing.DEAD);
    }

    @Test
    void a_helper_asks_at_the_address_it_knows_and_says_in_time_when_there_is_no_answer() {
        FakeSigner target = lone.admit(1);
        Peer asker = new Peer(new FakeSigner(2).id(), new PeerAddress(IpAddress.parse("10.0.0.3"), 8301));
        lone.admit(2);
        membership.onPingRequest(asker, new Frame.PingRequest(7, target.id(), 1_000), lone.now);
        assertThat(port.sent.get(0).to())
                .isEqualTo(new Peer(target.id(), target.alive(0).address()));

        lone.pass(790_000_000L);
        assertThat(port.sent).hasSize(1);
        lone.pass(20_000_000L);
        assertThat(port.sent.get(1)).isEqualTo(new RecordingPort.Sent(asker, List.of(new Frame.Nack(7))));
    }

    @Test
    void errands_that_were_answered_count_until_their_deadline_so_that_a_flood_leaves_no_pile_of_timers() {
        FakeSigner target = lone.admit(1);
        Peer asker = new Peer(new FakeSigner(2).id(), new PeerAddress(IpAddress.parse("10.0.0.3"), 8301));
        for (int i = 0; i < 5_000; i++) {
            membership.onPingRequest(asker, new Frame.PingRequest(i, target.id(), 60_000), lone.now);
            for (RecordingPort.Sent sent : List.copyOf(port.sent)) {
                if (sent.frames().get(0) instanceof Frame.Ping ping) {
                    membership.onAck(
                            target.id(),
                            new Frame.Ack(ping.nonce(), target.id(), 0, 0, 0, Coordinate.ORIGIN),
                            lone.now);
                }
            }
            port.sent.clear();
        }
        assertThat(lone.timers.size()).isLessThan(600);
    }

    @Test
    void a_ping_for_somebody_else_who_had_this_address_stays_unanswered() {
        Peer asker = new Peer(new FakeSigner(2).id(), new PeerAddress(IpAddress.parse("10.0.0.3"), 8301));
        membership.onPing(asker, new Frame.Ping(1, new FakeSigner(3).id(), 0, 0, 0));
        assertThat(port.sent).isEmpty();
        membership.onPing(asker, new Frame.Ping(1, membership.ownWord().about(), 0, 0, 0));
        assertThat(port.sent).hasSize(1);
    }

    @Test
    void when_many_die_at_once_the_layers_above_keep_them_as_suspects() {
        for (int i = 1; i <= 10; i++) {
            lone.admit(i);
        }
        for (int i = 1; i <= 5; i++) {
            lone.hear(LoneMember.suspect(new FakeSigner(i), 0));
        }
        lone.pass(lone.timeToObject());
        for (int i = 1; i <= 5; i++) {
            lone.hear(LoneMember.dead(new FakeSigner(i), 0));
        }
        assertThat(membership.isFrozen()).isTrue();
        assertThat(lone.standing(new FakeSigner(3))).isEqualTo(Standing.DEAD);
        for (int i = 1; i <= 5; i++) {
            NodeId id = new FakeSigner(i).id();
            assertThat(port.changes.stream()
                            .filter(change -> change.member().equals(id))
                            .reduce((a, b) -> b))
                    .get()
                    .extracting(MemberChange::after)
                    .isEqualTo(Liveness.SUSPECT);
        }
    }

    @Test
    void one_of_three_hosts_may_die_without_a_freeze() {
        lone.admit(1);
        FakeSigner victim = lone.admit(2);
        lone.kill(victim, 0);
        assertThat(membership.isFrozen()).isFalse();
        assertThat(port.changes.get(port.changes.size() - 1).after()).isEqualTo(Liveness.FAILED);
    }

    @Test
    void the_dead_are_forgotten_after_three_days() {
        FakeSigner key = lone.admit(1);
        membership.start(lone.now);
        lone.kill(key, 0);
        lone.pass(71L * 3_600 * SECOND);
        assertThat(port.forgotten).isEmpty();
        lone.pass(2L * 3_600 * SECOND);
        assertThat(port.forgotten).containsExactly(key.id());
        assertThat(membership.find(key.id())).isEmpty();

        lone.hear(key.alive(1));
        assertThat(membership.find(key.id()))
                .as("its old life, in the mouth of somebody who was away")
                .isEmpty();
        lone.hear(key.alive(new Incarnation(FakeSigner.EPOCH + 1, 0)));
        assertThat(lone.standing(key)).as("a new life").isEqualTo(Standing.ALIVE);
    }
}
