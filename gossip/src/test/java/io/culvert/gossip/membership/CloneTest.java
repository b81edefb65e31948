package io.culvert.gossip.membership;

import static org.assertj.core.api.Assertions.assertThat;

import io.culvert.catalog.IpAddress;
import io.culvert.gossip.wire.Alive;
import io.culvert.gossip.wire.Frame;
import io.culvert.gossip.wire.Incarnation;
import io.culvert.gossip.wire.PeerAddress;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Two processes with one key, as a cloned disk makes them; what each spreads the other hears. */
class CloneTest {
    private static final long SECOND = LoneMember.SECOND;
    private static final Hearing RUMOUR = new Hearing(LoneMember.MESSENGER.id(), false, false);

    private final Process one = new Process("10.0.0.1", 100);
    private final Process other = new Process("10.0.0.2", 120);
    private long now;

    private static final class Process {
        final RecordingPort port = new RecordingPort();
        final Membership membership;
        private int heard;

        Process(String address, long epoch) {
            membership = new Membership(
                    SwimSettings.lan(),
                    new Membership.Identity(
                            new FakeSigner(0), new PeerAddress(IpAddress.parse(address), 8301), 8443, false),
                    epoch,
                    new TimerQueue(),
                    new Membership.Environment(port, new SplittableRandom(1), () -> Instant.ofEpochSecond(1_000)));
        }

        /** What this one has spread since this was asked last. */
        List<Frame.Rumour> news() {
            List<Frame.Rumour> news = List.copyOf(port.spread.subList(heard, port.spread.size()));
            heard = port.spread.size();
            return news;
        }

        void hear(Frame.Rumour rumour, long now) {
            membership.onRumour(rumour, RUMOUR, now);
            List<MembershipPort.Claim> claims = List.copyOf(port.claims);
            port.claims.clear();
            claims.forEach(claim -> membership.onVerdict(claim, true, now));
        }

        long alarms() {
            return port.notices.stream()
                    .filter(MembershipPort.CloneSuspected.class::isInstance)
                    .count();
        }
    }

    /** @return how many words went to and fro until nobody had anything to say */
    private int talk() {
        int words = 0;
        boolean more = true;
        while (more && words < 1_000) {
            List<Frame.Rumour> ofOne = one.news();
            List<Frame.Rumour> ofOther = other.news();
            ofOne.forEach(word -> other.hear(word, now));
            ofOther.forEach(word -> one.hear(word, now));
            words += ofOne.size() + ofOther.size();
            more = !ofOne.isEmpty() || !ofOther.isEmpty();
        }
        return words;
    }

    @Test
    void both_see_it_and_neither_oscillates() {
        one.hear(other.membership.ownWord(), now);
        int words = talk();

        assertThat(one.alarms()).isPositive();
        assertThat(other.alarms()).isPositive();
        assertThat(words).isLessThan(8);
        Incarnation ofOne = one.membership.ownWord().incarnation();
        Incarnation ofOther = other.membership.ownWord().incarnation();
        assertThat(ofOne).isNotEqualTo(ofOther);

        for (int hour = 0; hour < 24; hour++) {
            now += 3_600 * SECOND;
            one.hear(other.membership.ownWord(), now);
            other.hear(one.membership.ownWord(), now);
            talk();
        }
        assertThat(one.membership.ownWord().incarnation()).isEqualTo(ofOne);
        assertThat(other.membership.ownWord().incarnation()).isEqualTo(ofOther);
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 7})
    void words_of_the_same_incarnation_at_two_addresses_are_seen_too(long number) {
        Alive mine = one.membership.ownWord();
        Alive theirs =
                new FakeSigner(0).aliveAt(new PeerAddress(IpAddress.parse("10.0.0.2"), 8301), mine.incarnation());
        assertThat(theirs).isNotEqualTo(mine);
        one.hear(theirs, now);
        assertThat(one.membership.ownWord().incarnation().epoch())
                .isEqualTo(mine.incarnation().epoch() + 1);
        now += number * SECOND;
    }

    @Test
    void an_earlier_life_whose_disk_was_lost_raises_no_alarm() {
        one.hear(new FakeSigner(0).alive(new Incarnation(500, 3)), now);
        assertThat(one.membership.ownWord().incarnation()).isEqualTo(new Incarnation(501, 0));
        one.hear(new FakeSigner(0).alive(new Incarnation(400, 9)), now);
        assertThat(one.alarms()).isZero();
    }

    /** When the stronger copy is stopped, the one that is left must not stay in its shadow. */
    @Test
    void who_is_left_when_the_other_process_ends_takes_its_place_without_a_restart() {
        one.hear(other.membership.ownWord(), now);
        talk();
        boolean oneIsStronger = one.membership
                .ownWord()
                .incarnation()
                .isNewerThan(other.membership.ownWord().incarnation());
        Process gone = oneIsStronger ? one : other;
        Process left = oneIsStronger ? other : one;
        Incarnation goneAs = gone.membership.ownWord().incarnation();
        now += 60 * SECOND;

        left.hear(gone.membership.ownWord(), now);
        assertThat(goneAs.isNewerThan(left.membership.ownWord().incarnation())).isTrue();
        left.hear(new Frame.Dead(left.membership.ownWord().about(), goneAs, LoneMember.ACCUSER.id()), now);

        assertThat(left.membership.ownWord().incarnation().isNewerThan(goneAs)).isTrue();
    }

    @Test
    void a_forged_accusation_of_a_larger_incarnation_changes_nothing() {
        Incarnation before = one.membership.ownWord().incarnation();
        List<Frame.Accusation> forged = new ArrayList<>();
        for (long number : new long[] {1, 1L << 20, Long.MAX_VALUE, -1}) {
            forged.add(new Frame.Dead(
                    one.membership.ownWord().about(), new Incarnation(100, number), LoneMember.ACCUSER.id()));
            forged.add(new Frame.Suspect(
                    one.membership.ownWord().about(),
                    new Incarnation(Incarnation.MAX_EPOCH, number),
                    LoneMember.ACCUSER.id()));
        }
        forged.forEach(word -> one.hear(word, now));
        assertThat(one.membership.ownWord().incarnation()).isEqualTo(before);
        assertThat(one.port.own).isEmpty();
    }
}
