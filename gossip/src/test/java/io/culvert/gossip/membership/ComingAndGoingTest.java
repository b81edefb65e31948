package io.culvert.gossip.membership;

import static org.assertj.core.api.Assertions.assertThat;

import io.culvert.catalog.Liveness;
import io.culvert.gossip.wire.Frame;
import io.culvert.gossip.wire.Incarnation;
import io.culvert.gossip.wire.Peer;
import io.culvert.gossip.wire.SyncFrame.MemberEntry;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Goodbyes, returns, reuse of addresses, and cuts of the network. */
class ComingAndGoingTest {
    private static final long HOUR = 3_600 * LoneMember.SECOND;

    private final LoneMember lone = new LoneMember();

    @Test
    void who_left_is_shown_as_left_whatever_is_said_of_it_afterwards() {
        FakeSigner leaver = lone.admit(1);
        lone.hear(LoneMember.suspect(leaver, 0));
        lone.hear(leaver.left(0));
        lone.hear(LoneMember.suspect(leaver, 0));
        lone.hear(LoneMember.dead(leaver, 0));
        lone.pass(HOUR);
        assertThat(lone.shown(leaver)).containsExactly(Liveness.ALIVE, Liveness.SUSPECT, Liveness.LEFT);
        assertThat(lone.membership.find(leaver.id()).orElseThrow().reason()).isEqualTo("left");
    }

    @Test
    void who_leaves_answers_to_the_end_accuses_nobody_and_says_it_in_comparisons() {
        FakeSigner silent = lone.admit(1);
        lone.membership.start(lone.now);
        lone.membership.leave();
        lone.pass(5 * LoneMember.SECOND);
        assertThat(lone.standing(silent)).isEqualTo(Standing.ALIVE);

        List<Frame> answer = lone.membership.answer(new Frame.Ping(1, lone.self(), 0, 0, 0));
        assertThat(answer.get(0)).isInstanceOf(Frame.Ack.class);
        Membership.Difference difference = lone.membership.compare(
                List.of(new MemberEntry(lone.self(), lone.membership.ownWord().incarnation(), 0)),
                silent.id(),
                lone.now);
        assertThat(difference.tell()).anyMatch(io.culvert.gossip.wire.Left.class::isInstance);
        assertThat(lone.membership.words(List.of(lone.self()))).anyMatch(io.culvert.gossip.wire.Left.class::isInstance);
    }

    @Test
    void an_accusation_does_not_call_back_who_leaves() {
        lone.membership.leave();
        Incarnation own = lone.membership.ownWord().incarnation();
        lone.hear(new Frame.Suspect(lone.self(), own, LoneMember.ACCUSER.id()));
        assertThat(lone.membership.ownWord().incarnation()).isEqualTo(own);
    }

    /** memberlist #115 of serf: a new agent at an old agent's address keeps the old one alive. */
    @Test
    void a_new_agent_at_an_old_agents_address_is_another_member_and_the_old_one_dies() {
        FakeSigner old = lone.admit(1);
        FakeSigner fresh = new FakeSigner(2);
        lone.hear(fresh.aliveAt(old.address(), new Incarnation(FakeSigner.EPOCH, 0)));
        lone.membership.start(lone.now);
        for (int i = 0; i < 600; i++) {
            lone.pass(LoneMember.SECOND / 10);
            for (RecordingPort.Sent sent : List.copyOf(lone.port.sent)) {
                // Everything that goes to that address reaches the new agent, which answers for itself only.
                for (Frame frame : sent.frames()) {
                    if (frame instanceof Frame.Ping ping && ping.target().equals(fresh.id())) {
                        lone.membership.onAck(
                                fresh.id(),
                                new Frame.Ack(
                                        ping.nonce(), fresh.id(), 0, 0, 0, io.culvert.gossip.wire.Coordinate.ORIGIN),
                                lone.now);
                    }
                }
            }
            lone.port.sent.clear();
        }
        assertThat(lone.standing(old)).isEqualTo(Standing.DEAD);
        assertThat(lone.standing(fresh)).isEqualTo(Standing.ALIVE);
        assertThat(lone.shown(fresh)).containsExactly(Liveness.ALIVE);
    }

    @Test
    void a_member_that_moved_to_another_address_is_the_same_member() {
        FakeSigner mover = lone.admit(1);
        lone.hear(mover.aliveAt(new FakeSigner(77).address(), new Incarnation(FakeSigner.EPOCH + 1, 0)));
        assertThat(lone.membership.others()).hasSize(1);
        assertThat(lone.shown(mover)).containsExactly(Liveness.ALIVE);
        assertThat(lone.membership.addressOf(mover.id())).contains(new FakeSigner(77).address());
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 35, 71})
    void a_cut_of_any_length_is_tried_again_and_heals(long hours) {
        FakeSigner other = lone.admit(1);
        FakeSigner here = lone.admit(2);
        lone.kill(other, 0);
        lone.pass(hours * HOUR);

        assertThat(isPartnerSomeDay(other)).isTrue();
        // It is asked, and says that it lives, in the incarnation in which it was given up here.
        Membership.Difference difference = lone.membership.compare(
                List.of(
                        new MemberEntry(other.id(), new Incarnation(FakeSigner.EPOCH, 0), 0),
                        new MemberEntry(here.id(), new Incarnation(FakeSigner.EPOCH, 0), 0)),
                other.id(),
                lone.now);
        // After 36 hours nobody else is told of it any more, but it is: it has to object to be heard elsewhere too.
        assertThat(difference.tell()).hasAtLeastOneElementOfType(Frame.Dead.class);
        lone.hearInComparison(other.alive(1));
        assertThat(lone.standing(other)).isEqualTo(Standing.ALIVE);
        assertThat(lone.port.forgotten).isEmpty();
    }

    @Test
    void who_was_given_up_by_an_operator_is_tried_again_too() {
        FakeSigner other = lone.admit(1);
        lone.admit(2);
        lone.kill(other, 0);
        assertThat(lone.membership.forceOut(other.id(), lone.now)).isTrue();
        assertThat(lone.standing(other)).isEqualTo(Standing.LEFT);
        assertThat(isPartnerSomeDay(other)).isTrue();
        lone.hear(other.alive(1));
        assertThat(lone.standing(other)).isEqualTo(Standing.ALIVE);
    }

    @Test
    void who_left_by_itself_is_left_alone() {
        FakeSigner other = lone.admit(1);
        lone.admit(2);
        lone.hear(other.left(0));
        assertThat(isPartnerSomeDay(other)).isFalse();
        assertThat(lone.membership.forceOut(other.id(), lone.now)).isFalse();
    }

    private boolean isPartnerSomeDay(FakeSigner wanted) {
        for (int i = 0; i < 1_000; i++) {
            Optional<Peer> partner = lone.membership.partner();
            if (partner.isPresent() && partner.get().id().equals(wanted.id())) {
                return true;
            }
        }
        return false;
    }

    @Test
    void a_member_says_why_it_is_in_its_state_and_since_when() {
        FakeSigner member = lone.admit(1);
        assertThat(state(member).reason()).isEqualTo("joined");
        lone.pass(LoneMember.SECOND);
        lone.hear(LoneMember.suspect(member, 0));
        assertThat(state(member).reason()).isEqualTo("no answer to " + LoneMember.ACCUSER.id());
        assertThat(state(member).changedAt()).isEqualTo(lone.now);
        lone.hear(member.alive(1));
        assertThat(state(member).reason()).isEqualTo("objected to a suspicion");
        lone.kill(member, 1);
        assertThat(state(member).reason()).isEqualTo("no objection to the suspicion of " + LoneMember.ACCUSER.id());
        lone.hear(member.alive(2));
        assertThat(state(member).reason()).isEqualTo("came back");
        long since = state(member).changedAt();
        lone.pass(LoneMember.SECOND);
        lone.hear(member.alive(3));
        assertThat(state(member).changedAt())
                .as("a new number is no change of state")
                .isEqualTo(since);
    }

    private MemberState state(FakeSigner member) {
        return lone.membership.find(member.id()).orElseThrow();
    }
}
