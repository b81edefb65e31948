package io.culvert.gossip.membership;

import static org.assertj.core.api.Assertions.assertThat;

import io.culvert.catalog.IpAddress;
import io.culvert.catalog.Liveness;
import io.culvert.catalog.NodeId;
import io.culvert.gossip.identity.PublicKeyBytes;
import io.culvert.gossip.identity.SignatureDomain;
import io.culvert.gossip.wire.Alive;
import io.culvert.gossip.wire.Coordinate;
import io.culvert.gossip.wire.Frame;
import io.culvert.gossip.wire.Incarnation;
import io.culvert.gossip.wire.Left;
import io.culvert.gossip.wire.Peer;
import io.culvert.gossip.wire.PeerAddress;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MembershipTest {
    private static final long SECOND = 1_000_000_000L;

    private final RecordingPort port = new RecordingPort();
    private final TimerQueue timers = new TimerQueue();
    private final Membership membership = new Membership(
            SwimSettings.lan(),
            new Membership.Identity(new Key(0), new PeerAddress(IpAddress.parse("10.0.0.1"), 8301), 8443, false),
            100,
            timers,
            new Membership.Environment(port, new SplittableRandom(1)));
    private long now;

    /** Signs nothing: verdicts are given by the test. */
    private record Key(int number) implements Signer {
        @Override
        public PublicKeyBytes publicKey() {
            byte[] bytes = new byte[PublicKeyBytes.BYTES];
            bytes[0] = (byte) number;
            bytes[1] = 1;
            return PublicKeyBytes.of(bytes);
        }

        @Override
        public byte[] sign(SignatureDomain domain, byte[] message) {
            return new byte[PublicKeyBytes.SIGNATURE_BYTES];
        }

        NodeId id() {
            return publicKey().id();
        }

        Alive alive(long number) {
            return alive(new Incarnation(50, number));
        }

        Alive alive(Incarnation incarnation) {
            return new Alive(
                    id(),
                    incarnation,
                    new PeerAddress(IpAddress.ofIpv4(0x0a000001 + this.number), 8301),
                    8443,
                    0,
                    publicKey(),
                    new byte[PublicKeyBytes.SIGNATURE_BYTES]);
        }
    }

    private Key admit(int number) {
        Key key = new Key(number);
        hear(key.alive(0));
        return key;
    }

    /** A rumour from a third party, whose signature, if it has one, is right. */
    private void hear(Frame.Rumour rumour) {
        membership.onRumour(rumour, new Key(99).id(), false, now);
        List<MembershipPort.Claim> claims = List.copyOf(port.claims);
        port.claims.clear();
        claims.forEach(claim -> membership.onVerdict(claim, true, now));
    }

    /** Suspected, given half of the shortest time to object, and then said to be dead. */
    private void kill(Key key, long number) {
        hear(word("SUSPECT", key, number));
        pass(halfOfShortest());
        hear(word("DEAD", key, number));
    }

    private long halfOfShortest() {
        return SwimRules.shortestSuspicionNanos(SwimSettings.lan(), membership.members()) / 2;
    }

    private void pass(long nanos) {
        long end = now + nanos;
        while (timers.nextAt() <= end) {
            now = Math.max(now, timers.nextAt());
            assertThat(timers.runNext(now)).isTrue();
        }
        now = end;
    }

    private Standing standing(Key key) {
        return membership.find(key.id()).orElseThrow().standing();
    }

    private static Frame.Rumour word(String kind, Key about, long number) {
        Incarnation incarnation = new Incarnation(50, number);
        NodeId accuser = new Key(98).id();
        return switch (kind) {
            case "ALIVE" -> about.alive(number);
            case "SUSPECT" -> new Frame.Suspect(about.id(), incarnation, accuser);
            case "DEAD" -> new Frame.Dead(about.id(), incarnation, accuser);
            case "FORGET" -> new Frame.Forget(about.id(), incarnation, accuser);
            case "LEFT" -> new Left(about.id(), incarnation, new byte[PublicKeyBytes.SIGNATURE_BYTES]);
            default -> throw new IllegalArgumentException(kind);
        };
    }

    /** SWIM section 4.2, with goodbyes; the member is known as incarnation 5. */
    @ParameterizedTest
    @CsvSource({
        "ALIVE,   ALIVE,   5, ALIVE",
        "ALIVE,   ALIVE,   6, ALIVE",
        "ALIVE,   SUSPECT, 4, ALIVE",
        "ALIVE,   SUSPECT, 5, SUSPECT",
        "ALIVE,   SUSPECT, 6, ALIVE",
        "ALIVE,   DEAD,    4, ALIVE",
        "ALIVE,   DEAD,    5, SUSPECT",
        "ALIVE,   DEAD,    6, ALIVE",
        "ALIVE,   FORGET,  5, ALIVE",
        "ALIVE,   LEFT,    4, ALIVE",
        "ALIVE,   LEFT,    5, LEFT",
        "ALIVE,   LEFT,    6, LEFT",
        "SUSPECT, ALIVE,   5, SUSPECT",
        "SUSPECT, ALIVE,   6, ALIVE",
        "SUSPECT, SUSPECT, 5, SUSPECT",
        "SUSPECT, DEAD,    5, SUSPECT",
        "SUSPECT, FORGET,  5, SUSPECT",
        "SUSPECT, LEFT,    5, LEFT",
        "DEAD,    ALIVE,   5, DEAD",
        "DEAD,    ALIVE,   6, ALIVE",
        "DEAD,    SUSPECT, 5, DEAD",
        "DEAD,    DEAD,    5, DEAD",
        "DEAD,    FORGET,  5, LEFT",
        "DEAD,    FORGET,  4, DEAD",
        "DEAD,    LEFT,    5, LEFT",
        "LEFT,    ALIVE,   5, LEFT",
        "LEFT,    ALIVE,   6, ALIVE",
        "LEFT,    SUSPECT, 5, LEFT",
        "LEFT,    DEAD,    5, LEFT",
        "LEFT,    FORGET,  5, LEFT",
    })
    void a_word_counts_by_the_order_of_precedence(String before, String heard, long number, Standing after) {
        Key key = admit(1);
        hear(word("ALIVE", key, 5));
        if (before.equals("DEAD")) {
            kill(key, 5);
        } else if (!before.equals("ALIVE")) {
            hear(word(before, key, 5));
        }
        assertThat(standing(key)).as("before").isEqualTo(Standing.valueOf(before));

        hear(word(heard, key, number));

        assertThat(standing(key)).isEqualTo(after);
    }

    @Test
    void an_accusation_of_an_incarnation_not_yet_heard_of_counts_when_its_word_comes() {
        Key key = admit(1);
        hear(word("SUSPECT", key, 3));
        assertThat(standing(key)).isEqualTo(Standing.ALIVE);
        hear(word("ALIVE", key, 3));
        assertThat(standing(key)).isEqualTo(Standing.SUSPECT);
    }

    @Test
    void a_forged_number_cannot_shut_a_member_out() {
        Key key = admit(1);
        hear(new Frame.Dead(key.id(), new Incarnation(Incarnation.MAX_EPOCH, -1), new Key(98).id()));
        assertThat(standing(key)).isEqualTo(Standing.ALIVE);
        hear(word("SUSPECT", key, 0));
        hear(word("ALIVE", key, 1));
        assertThat(standing(key)).isEqualTo(Standing.ALIVE);
    }

    @Test
    void a_word_with_a_wrong_signature_changes_nothing_and_is_counted() {
        Key key = new Key(1);
        membership.onRumour(key.alive(0), new Key(99).id(), false, now);
        membership.onVerdict(port.claims.get(0), false, now);
        assertThat(membership.find(key.id())).isEmpty();
        assertThat(port.notices).contains(new MembershipPort.BadSignature(new Key(99).id()));
    }

    @Test
    void a_key_that_does_not_make_the_id_is_not_even_checked() {
        Alive forged = new Alive(
                new Key(1).id(),
                new Incarnation(50, 0),
                new PeerAddress(IpAddress.parse("10.0.0.9"), 8301),
                0,
                0,
                new Key(2).publicKey(),
                new byte[PublicKeyBytes.SIGNATURE_BYTES]);
        membership.onRumour(forged, new Key(99).id(), false, now);
        assertThat(port.claims).isEmpty();
        assertThat(port.notices).contains(new MembershipPort.BadSignature(new Key(99).id()));
    }

    @Test
    void many_copies_of_a_word_cost_one_check() {
        for (int i = 0; i < 100; i++) {
            membership.onRumour(new Key(1).alive(0), new Key(99).id(), false, now);
        }
        assertThat(port.claims).hasSize(1);
    }

    @Test
    void an_accusation_of_ourselves_is_refuted_with_the_next_number_only() {
        Incarnation own = membership.ownWord().incarnation();
        NodeId self = membership.ownWord().about();
        hear(new Frame.Suspect(self, new Incarnation(own.epoch(), Long.MAX_VALUE), new Key(9).id()));
        assertThat(membership.ownWord().incarnation()).isEqualTo(own);

        hear(new Frame.Suspect(self, own, new Key(9).id()));

        assertThat(membership.ownWord().incarnation()).isEqualTo(own.next());
        assertThat(port.spread).contains(membership.ownWord());
        assertThat(membership.healthScore()).isEqualTo(1);
    }

    @Test
    void a_flood_of_accusations_makes_us_sign_at_most_twenty_times_a_second() {
        NodeId self = membership.ownWord().about();
        for (int i = 0; i < 1_000; i++) {
            now += SECOND / 1_000;
            while (timers.nextAt() <= now) {
                assertThat(timers.runNext(now)).isTrue();
            }
            hear(new Frame.Suspect(self, membership.ownWord().incarnation(), new Key(9).id()));
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
        hear(earlier);
        assertThat(membership.ownWord().incarnation()).isEqualTo(new Incarnation(501, 0));
        assertThat(port.own).containsExactly(new Incarnation(501, 0));
    }

    @Test
    void a_death_is_believed_of_those_who_had_time_to_object_only() {
        Key victim = admit(1);
        admit(2);
        hear(word("DEAD", victim, 0));
        assertThat(standing(victim)).isEqualTo(Standing.SUSPECT);
        pass(halfOfShortest() - 1);
        hear(word("DEAD", victim, 0));
        assertThat(standing(victim)).isEqualTo(Standing.SUSPECT);
        pass(1);
        hear(word("DEAD", victim, 0));
        assertThat(standing(victim)).isEqualTo(Standing.DEAD);
    }

    @Test
    void the_accused_are_told_directly_before_their_time_is_over() {
        Key slandered = admit(1);
        admit(2);
        admit(3);
        Frame.Rumour accusation = word("SUSPECT", slandered, 0);
        hear(accusation);
        pass(halfOfShortest() - 1);
        assertThat(port.sent).isEmpty();
        pass(halfOfShortest());
        assertThat(port.sent).hasSize(4).allSatisfy(sent -> {
            assertThat(sent.to().id()).isEqualTo(slandered.id());
            assertThat(sent.frames()).isEqualTo(List.of(accusation.frame()));
        });
        assertThat(port.streamPings).as("should datagrams not reach it").hasSize(1);
        assertThat(membership.accusationsOf(slandered.id())).isEqualTo(List.of(accusation.frame()));
    }

    @Test
    void invented_accusers_do_not_shorten_a_suspicion() {
        Key slandered = admit(1);
        for (int i = 2; i <= 10; i++) {
            admit(i);
        }
        hear(word("SUSPECT", slandered, 0));
        for (int i = 200; i < 210; i++) {
            hear(new Frame.Suspect(slandered.id(), new Incarnation(50, 0), new Key(i).id()));
        }
        pass(3 * halfOfShortest());
        assertThat(standing(slandered)).isEqualTo(Standing.SUSPECT);
        hear(new Frame.Suspect(slandered.id(), new Incarnation(50, 0), new Key(2).id()));
        hear(new Frame.Suspect(slandered.id(), new Incarnation(50, 0), new Key(3).id()));
        pass(1);
        assertThat(standing(slandered)).isEqualTo(Standing.DEAD);
    }

    @Test
    void one_sick_host_cannot_accuse_the_pool() {
        for (int i = 1; i <= 60; i++) {
            admit(i);
        }
        for (int i = 1; i <= 60; i++) {
            hear(word("DEAD", new Key(i), 0));
        }
        assertThat(membership.others().stream().filter(member -> member.standing() == Standing.SUSPECT))
                .hasSize(20);
        assertThat(membership.others().stream().filter(member -> member.standing() == Standing.DEAD))
                .isEmpty();
    }

    @Test
    void who_answers_nobody_is_suspected_and_given_up_in_time() {
        Key silent = admit(1);
        membership.start(now);
        pass(3 * SECOND);
        assertThat(standing(silent)).isEqualTo(Standing.SUSPECT);
        assertThat(port.streamPings).isNotEmpty();

        pass(SwimRules.longestSuspicionNanos(SwimSettings.lan(), 2));

        assertThat(standing(silent)).isEqualTo(Standing.DEAD);
        assertThat(port.changes)
                .extracting(MemberChange::after)
                .containsExactly(Liveness.ALIVE, Liveness.SUSPECT, Liveness.FAILED);
    }

    @Test
    void who_answers_is_not_suspected() {
        Key key = admit(1);
        membership.start(now);
        for (int i = 0; i < 100; i++) {
            pass(SECOND / 10);
            for (RecordingPort.Sent sent : List.copyOf(port.sent)) {
                for (Frame frame : sent.frames()) {
                    if (frame instanceof Frame.Ping ping) {
                        membership.onAck(
                                key.id(), new Frame.Ack(ping.nonce(), key.id(), 0, 0, 0, Coordinate.ORIGIN), now);
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
        Key silent = admit(1);
        hear(word("SUSPECT", silent, 0));
        long almost = SwimRules.shortestSuspicionNanos(SwimSettings.lan(), 2) - SECOND;
        pass(almost);
        membership.onPause(5 * SECOND, now);
        pass(almost);
        assertThat(standing(silent)).isEqualTo(Standing.SUSPECT);
        pass(2 * SECOND);
        assertThat(standing(silent)).isEqualTo(Standing.DEAD);
    }

    @Test
    void a_helper_asks_at_the_address_it_knows_and_says_in_time_when_there_is_no_answer() {
        Key target = admit(1);
        Peer asker = new Peer(new Key(2).id(), new PeerAddress(IpAddress.parse("10.0.0.3"), 8301));
        membership.onPingRequest(asker, new Frame.PingRequest(7, target.id(), 1_000), now);
        assertThat(port.sent.get(0).to())
                .isEqualTo(new Peer(target.id(), target.alive(0).address()));

        pass(790_000_000L);
        assertThat(port.sent).hasSize(1);
        pass(20_000_000L);
        assertThat(port.sent.get(1)).isEqualTo(new RecordingPort.Sent(asker, List.of(new Frame.Nack(7))));
    }

    @Test
    void a_ping_for_somebody_else_who_had_this_address_stays_unanswered() {
        Peer asker = new Peer(new Key(2).id(), new PeerAddress(IpAddress.parse("10.0.0.3"), 8301));
        membership.onPing(asker, new Frame.Ping(1, new Key(3).id(), 0, 0, 0));
        assertThat(port.sent).isEmpty();
        membership.onPing(asker, new Frame.Ping(1, membership.ownWord().about(), 0, 0, 0));
        assertThat(port.sent).hasSize(1);
    }

    @Test
    void when_many_die_at_once_the_layers_above_keep_them_as_suspects() {
        for (int i = 1; i <= 10; i++) {
            admit(i);
        }
        for (int i = 1; i <= 5; i++) {
            hear(word("SUSPECT", new Key(i), 0));
        }
        pass(halfOfShortest());
        for (int i = 1; i <= 5; i++) {
            hear(word("DEAD", new Key(i), 0));
        }
        assertThat(membership.isFrozen()).isTrue();
        assertThat(standing(new Key(3))).isEqualTo(Standing.DEAD);
        for (int i = 1; i <= 5; i++) {
            NodeId id = new Key(i).id();
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
        admit(1);
        Key victim = admit(2);
        kill(victim, 0);
        assertThat(membership.isFrozen()).isFalse();
        assertThat(port.changes.get(port.changes.size() - 1).after()).isEqualTo(Liveness.FAILED);
    }

    @Test
    void the_dead_are_forgotten_after_three_days() {
        Key key = admit(1);
        membership.start(now);
        kill(key, 0);
        pass(71L * 3_600 * SECOND);
        assertThat(port.forgotten).isEmpty();
        pass(2L * 3_600 * SECOND);
        assertThat(port.forgotten).containsExactly(key.id());
        assertThat(membership.find(key.id())).isEmpty();

        hear(key.alive(1));
        assertThat(membership.find(key.id()))
                .as("its old life, in the mouth of somebody who was away")
                .isEmpty();
        hear(key.alive(new Incarnation(51, 0)));
        assertThat(standing(key)).as("a new life").isEqualTo(Standing.ALIVE);
    }
}
