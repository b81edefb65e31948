package io.culvert.gossip.membership;

import static org.assertj.core.api.Assertions.assertThat;

import io.culvert.gossip.wire.Frame;
import io.culvert.gossip.wire.Incarnation;
import io.culvert.testbed.kit.Property;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/**
 * The same messages to this membership and to a model of memberlist's decisions (alive, suspect, dead and merge of its
 * {@code state.go}), after each of which both must hold the member for the same. Where they are meant to differ the model
 * says {@code OURS}, with the reason:
 * <ul>
 *   <li>a death that others announce ends a suspicion that has lasted for half of the shortest, and begins a short one
 *       otherwise; memberlist kills at once;
 *   <li>an accusation of an incarnation that is not known yet waits; memberlist takes the accuser's number for its own;
 *   <li>a goodbye is signed: memberlist believes whoever names the member as the sender of its death.
 * </ul>
 */
class MemberlistReplayTest {
    enum Kind {
        ALIVE,
        SUSPECT,
        DEAD,
        LEFT,
        MERGED_DEAD,
        PASS
    }

    /** @param accuser 0 to 9 */
    record Message(Kind kind, int incarnation, int accuser) {
        @Override
        public String toString() {
            return kind.name().toLowerCase(Locale.ROOT) + " " + incarnation
                    + (kind == Kind.ALIVE ? "" : " by " + accuser);
        }
    }

    /** What memberlist holds of one member; suspicions by the formulas with two confirmations wanted. */
    private static final class Model {
        private final long shortest;
        private final long longest;
        private Standing state = Standing.ALIVE;
        private int incarnation;
        private long suspectedAt;
        private boolean hastened;
        private final List<Integer> accusers = new ArrayList<>();

        Model(SwimSettings settings, int members) {
            shortest = SwimRules.shortestSuspicionNanos(settings, members);
            longest = SwimRules.longestSuspicionNanos(settings, members);
        }

        void hear(Message message, long now) {
            expire(now);
            switch (message.kind) {
                case ALIVE -> alive(message.incarnation);
                case SUSPECT, MERGED_DEAD -> suspect(message, now);
                case DEAD -> dead(message, now);
                case LEFT -> left(message.incarnation);
                case PASS -> {}
            }
            expire(now);
        }

        private void alive(int number) {
            if (number > incarnation) {
                incarnation = number;
                become(Standing.ALIVE);
            }
        }

        private void suspect(Message message, long now) {
            // OURS: memberlist would take a larger number over.
            if (message.incarnation != incarnation) {
                return;
            }
            if (state == Standing.ALIVE) {
                become(Standing.SUSPECT);
                suspectedAt = now;
                accusers.add(message.accuser);
            } else if (state == Standing.SUSPECT && accusers.size() <= 2 && !accusers.contains(message.accuser)) {
                accusers.add(message.accuser);
            }
        }

        private void dead(Message message, long now) {
            if (message.incarnation != incarnation || state == Standing.DEAD || state == Standing.LEFT) {
                return;
            }
            // OURS: memberlist would go to DEAD here, whatever it held before.
            if (state == Standing.SUSPECT && now - suspectedAt >= shortest / 2) {
                become(Standing.DEAD);
                return;
            }
            if (state == Standing.ALIVE) {
                become(Standing.SUSPECT);
                suspectedAt = now;
                accusers.add(message.accuser);
            }
            hastened = true;
        }

        // OURS: signed by the member, so that it also counts for the dead; memberlist ignores it for those.
        private void left(int number) {
            if (number >= incarnation) {
                incarnation = number;
                become(Standing.LEFT);
            }
        }

        private void expire(long now) {
            if (state == Standing.SUSPECT && now >= endsAt()) {
                become(Standing.DEAD);
            }
        }

        private long endsAt() {
            double share = StrictMath.log(accusers.size()) / StrictMath.log(3);
            long lasts = Math.max(shortest, (long) (longest - (longest - shortest) * share));
            return suspectedAt + (hastened ? shortest : lasts);
        }

        private void become(Standing next) {
            state = next;
            accusers.clear();
            hastened = false;
        }
    }

    private static Message message(SplittableRandom random) {
        return new Message(Kind.values()[random.nextInt(Kind.values().length)], random.nextInt(5), random.nextInt(10));
    }

    private static void replay(List<Message> messages) {
        LoneMember lone = new LoneMember();
        // Those who accuse are members; ten and the one that is spoken of.
        for (int i = 10; i < 20; i++) {
            lone.admit(i);
        }
        FakeSigner member = lone.admit(1);
        Model model = new Model(lone.settings, lone.membership.members());
        for (Message message : messages) {
            say(lone, member, message);
            // What became due by it is done at once.
            lone.pass(0);
            model.hear(message, lone.now);
            assertAgree(lone, member, model, message);
        }
    }

    private static void say(LoneMember lone, FakeSigner member, Message message) {
        Incarnation incarnation = new Incarnation(FakeSigner.EPOCH, message.incarnation);
        FakeSigner accuser = new FakeSigner(10 + message.accuser);
        switch (message.kind) {
            case ALIVE -> lone.hear(member.alive(message.incarnation));
            case SUSPECT -> {
                if (isKnown(lone, member, incarnation)) {
                    lone.hear(new Frame.Suspect(member.id(), incarnation, accuser.id()));
                }
            }
            case DEAD -> {
                if (isKnown(lone, member, incarnation)) {
                    lone.hear(new Frame.Dead(member.id(), incarnation, accuser.id()));
                }
            }
            case MERGED_DEAD -> {
                if (isKnown(lone, member, incarnation)) {
                    lone.hearInComparison(new Frame.Dead(member.id(), incarnation, accuser.id()));
                }
            }
            case LEFT -> lone.hear(member.left(message.incarnation));
            case PASS -> lone.pass(LoneMember.SECOND);
        }
    }

    // An accusation of an unknown incarnation would wait; that has a test of its own.
    private static boolean isKnown(LoneMember lone, FakeSigner member, Incarnation incarnation) {
        return !incarnation.isNewerThan(
                lone.membership.find(member.id()).orElseThrow().incarnation());
    }

    private static void assertAgree(LoneMember lone, FakeSigner member, Model model, Message last) {
        assertThat(lone.standing(member)).as("after %s", last).isEqualTo(model.state);
        assertThat(lone.membership.find(member.id()).orElseThrow().incarnation().number())
                .isEqualTo(model.incarnation);
    }

    @Test
    void any_sequence_of_messages_leads_where_it_leads_memberlist() {
        Property.forLists(2_000, 60, MemberlistReplayTest::message, MemberlistReplayTest::replay);
    }

    @Test
    void the_first_two_confirmations_are_told_again_and_no_more() {
        LoneMember lone = new LoneMember();
        for (int i = 10; i < 20; i++) {
            lone.admit(i);
        }
        FakeSigner member = lone.admit(1);
        lone.port.spread.clear();
        for (int i = 10; i < 20; i++) {
            lone.hear(new Frame.Suspect(member.id(), new Incarnation(FakeSigner.EPOCH, 0), new FakeSigner(i).id()));
            lone.hear(new Frame.Suspect(member.id(), new Incarnation(FakeSigner.EPOCH, 0), new FakeSigner(i).id()));
        }
        assertThat(lone.port.spread).hasSize(3);
    }

    /** As memberlist's {@code refute}, but never above the accused number plus one, which we made ourselves. */
    @Test
    void an_accusation_of_oneself_is_answered_with_the_next_number_at_once() {
        LoneMember lone = new LoneMember();
        Incarnation own = lone.membership.ownWord().incarnation();
        lone.hear(new Frame.Dead(lone.self(), own, LoneMember.ACCUSER.id()));
        assertThat(lone.membership.ownWord().incarnation()).isEqualTo(own.next());
        assertThat(lone.port.spread).last().isEqualTo(lone.membership.ownWord());
        assertThat(lone.membership.healthScore()).isEqualTo(1);
    }
}
