package io.culvert.gossip.membership;

import static org.assertj.core.api.Assertions.assertThat;

import io.culvert.catalog.IpAddress;
import io.culvert.catalog.Liveness;
import io.culvert.gossip.wire.Alive;
import io.culvert.gossip.wire.Frame;
import io.culvert.gossip.wire.Incarnation;
import io.culvert.gossip.wire.Peer;
import io.culvert.gossip.wire.PeerAddress;
import io.culvert.testbed.kit.Property;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/**
 * What somebody can do to the membership who holds the pool's key, uses any id he likes, and has no member's own key: make
 * suspects for a while, and nothing else.
 */
class InsiderTest {
    private final LoneMember lone = new LoneMember();

    private Alive objection(FakeSigner victim) {
        long number =
                lone.membership.find(victim.id()).orElseThrow().incarnation().number();
        return victim.alive(number + 1);
    }

    @Test
    void he_kills_nobody_who_objects_in_half_of_the_shortest_suspicion() {
        for (int i = 1; i <= 20; i++) {
            lone.admit(i);
        }
        FakeSigner victim = new FakeSigner(7);
        for (int round = 0; round < 200; round++) {
            long number = lone.membership
                    .find(victim.id())
                    .orElseThrow()
                    .incarnation()
                    .number();
            Incarnation known = new Incarnation(FakeSigner.EPOCH, number);
            for (int accuser = 1; accuser <= 20; accuser++) {
                lone.hear(new Frame.Suspect(victim.id(), known, new FakeSigner(accuser).id()));
                lone.hear(new Frame.Dead(victim.id(), known, new FakeSigner(accuser).id()));
                lone.hear(new Frame.Forget(victim.id(), known, new FakeSigner(accuser).id()));
                lone.hearInComparison(new Frame.Dead(victim.id(), known, new FakeSigner(accuser).id()));
            }
            lone.pass(lone.timeToObject() - LoneMember.MILLISECOND);
            lone.hear(objection(victim));
            assertThat(lone.standing(victim)).isEqualTo(Standing.ALIVE);
        }
        assertThat(lone.shown(victim)).doesNotContain(Liveness.FAILED, Liveness.LEFT);
    }

    @Test
    void accusers_that_he_invents_share_one_allowance() {
        for (int i = 1; i <= 200; i++) {
            lone.admit(i);
        }
        for (int i = 1; i <= 200; i++) {
            FakeSigner victim = new FakeSigner(i);
            lone.hear(new Frame.Suspect(
                    victim.id(), new Incarnation(FakeSigner.EPOCH, 0), new FakeSigner(10_000 + i).id()));
        }
        assertThat(lone.membership.others().stream().filter(member -> member.standing() == Standing.SUSPECT))
                .hasSize(20);
    }

    @Test
    void the_names_of_the_gone_are_no_better_than_invented_ones() {
        for (int i = 1; i <= 60; i++) {
            lone.admit(i);
        }
        for (int i = 41; i <= 60; i++) {
            lone.hear(new FakeSigner(i).left(0));
        }
        for (int i = 1; i <= 40; i++) {
            lone.hear(new Frame.Suspect(
                    new FakeSigner(i).id(), new Incarnation(FakeSigner.EPOCH, 0), new FakeSigner(41 + i % 20).id()));
        }
        assertThat(lone.membership.others().stream().filter(member -> member.standing() == Standing.SUSPECT))
                .hasSize(20);
    }

    @Test
    void forged_words_under_other_names_do_not_hold_up_what_members_say() {
        for (int i = 1; i <= 5; i++) {
            lone.admit(i);
        }
        for (int i = 0; i < 5_000; i++) {
            lone.membership.onRumour(
                    new FakeSigner(1_000 + i).alive(0), new Hearing(new FakeSigner(i).id(), false, false), lone.now);
        }
        // The checker is as busy as it may be; what a vouched sender hands on is next.
        Hearing vouched = vouched(3);
        lone.membership.onRumour(new FakeSigner(1).alive(1), vouched, lone.now);
        int checks = 0;
        while (lone.membership
                        .find(new FakeSigner(1).id())
                        .orElseThrow()
                        .incarnation()
                        .number()
                == 0) {
            MembershipPort.Claim claim = lone.port.claims.remove(0);
            lone.membership.onVerdict(claim, false, lone.now);
            checks++;
            if (!lone.port.claims.isEmpty()
                    && lone.port
                            .claims
                            .get(lone.port.claims.size() - 1)
                            .hearing()
                            .vouched()) {
                MembershipPort.Claim last = lone.port.claims.remove(lone.port.claims.size() - 1);
                lone.membership.onVerdict(last, true, lone.now);
            }
        }
        assertThat(checks).isLessThanOrEqualTo(4);
    }

    private Hearing vouched(int member) {
        FakeSigner key = new FakeSigner(member);
        return lone.membership.hear(new Peer(key.id(), key.address()), true, false, lone.now);
    }

    @Test
    void he_cannot_have_a_member_muted_by_lying_in_its_name() {
        FakeSigner slandered = lone.admit(1);
        lone.admit(2);
        PeerAddress elsewhere = new PeerAddress(IpAddress.parse("10.9.9.9"), 8301);
        for (int i = 0; i < 50; i++) {
            Hearing forged = lone.membership.hear(new Peer(slandered.id(), elsewhere), true, false, lone.now);
            assertThat(forged.vouched()).isFalse();
            lone.membership.onRumour(new FakeSigner(2).alive(100 + i), forged, lone.now);
            List.copyOf(lone.port.claims).forEach(claim -> lone.membership.onVerdict(claim, false, lone.now));
            lone.port.claims.clear();
        }
        lone.membership.onRumour(new FakeSigner(2).alive(1), vouched(1), lone.now);
        lone.verifyAll();
        assertThat(lone.membership
                        .find(new FakeSigner(2).id())
                        .orElseThrow()
                        .incarnation()
                        .number())
                .isEqualTo(1);
    }

    @Test
    void who_lies_at_its_own_address_is_not_listened_to_for_a_minute() {
        lone.admit(1);
        lone.admit(2);
        for (int i = 0; i < 10; i++) {
            lone.membership.onRumour(new FakeSigner(2).alive(100 + i), vouched(1), lone.now);
            List.copyOf(lone.port.claims).forEach(claim -> lone.membership.onVerdict(claim, false, lone.now));
            lone.port.claims.clear();
        }
        lone.membership.onRumour(new FakeSigner(2).alive(1), vouched(1), lone.now);
        assertThat(lone.port.claims).isEmpty();
        lone.pass(61 * LoneMember.SECOND);
        lone.membership.onRumour(new FakeSigner(2).alive(1), vouched(1), lone.now);
        assertThat(lone.port.claims).hasSize(1);
    }

    @Test
    void a_recording_vouches_for_nobody() {
        FakeSigner key = lone.admit(1);
        assertThat(lone.membership
                        .hear(new Peer(key.id(), key.address()), false, false, lone.now)
                        .vouched())
                .isFalse();
        assertThat(lone.membership.find(key.id()).orElseThrow().contact().heardAt())
                .isNegative();
    }

    /** Any sequence of unsigned words, at any times, with any numbers; the victims live, and object when they hear. */
    @Test
    void whatever_he_says_and_when_nobody_who_objects_is_given_up_or_gone() {
        Property.forSeeds(150, random -> {
            LoneMember pool = new LoneMember(SwimSettings.lan(), 1);
            List<FakeSigner> members = new ArrayList<>();
            for (int i = 1; i <= 12; i++) {
                members.add(pool.admit(i));
            }
            for (int step = 0; step < 300; step++) {
                pool.hear(forged(random, members));
                pool.pass(random.nextLong(pool.timeToObject() / 2));
                // Everybody hears of what is said of it within a quarter of the shortest suspicion, and objects.
                for (FakeSigner member : members) {
                    MemberState state = pool.membership.find(member.id()).orElseThrow();
                    if (state.standing() == Standing.SUSPECT) {
                        pool.hear(member.alive(state.incarnation().number() + 1));
                    }
                }
            }
            assertThat(pool.port.changes)
                    .noneMatch(change -> change.after() == Liveness.FAILED || change.after() == Liveness.LEFT);
            assertThat(pool.membership.isFrozen()).isFalse();
        });
    }

    private static Frame.Rumour forged(SplittableRandom random, List<FakeSigner> members) {
        FakeSigner victim = members.get(random.nextInt(members.size()));
        FakeSigner accuser = random.nextBoolean()
                ? members.get(random.nextInt(members.size()))
                : new FakeSigner(random.nextInt(100_000));
        long number = random.nextInt(4) == 0 ? random.nextLong() : random.nextInt(40);
        Incarnation incarnation = new Incarnation(FakeSigner.EPOCH, number);
        return switch (random.nextInt(3)) {
            case 0 -> new Frame.Suspect(victim.id(), incarnation, accuser.id());
            case 1 -> new Frame.Dead(victim.id(), incarnation, accuser.id());
            default -> new Frame.Forget(victim.id(), incarnation, accuser.id());
        };
    }
}
