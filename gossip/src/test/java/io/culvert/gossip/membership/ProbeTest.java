package io.culvert.gossip.membership;

import static org.assertj.core.api.Assertions.assertThat;

import io.culvert.gossip.wire.Coordinate;
import io.culvert.gossip.wire.Frame;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** One probe, from the first ping to the verdict; LAN: helpers after 500 ms, the verdict after a second. */
class ProbeTest {
    private static final long MILLISECOND = LoneMember.MILLISECOND;

    private final LoneMember lone = new LoneMember();
    private FakeSigner target = new FakeSigner(1);
    private Frame.Ping ping = new Frame.Ping(0, target.id(), 0, 0, 0);

    @BeforeEach
    void a_probe_begins() {
        for (int i = 1; i <= 6; i++) {
            lone.admit(i);
        }
        lone.membership.start(lone.now);
        while (pings().isEmpty()) {
            lone.pass(MILLISECOND);
        }
        ping = pings().get(0);
        target = member(ping).orElseThrow();
    }

    private static Optional<FakeSigner> member(Frame.Ping ping) {
        for (int i = 1; i <= 6; i++) {
            if (new FakeSigner(i).id().equals(ping.target())) {
                return Optional.of(new FakeSigner(i));
            }
        }
        return Optional.empty();
    }

    private List<Frame.Ping> pings() {
        return frames(Frame.Ping.class);
    }

    private <F extends Frame> List<F> frames(Class<F> kind) {
        List<F> found = new ArrayList<>();
        for (RecordingPort.Sent sent : lone.port.sent) {
            sent.frames().stream().filter(kind::isInstance).map(kind::cast).forEach(found::add);
        }
        return found;
    }

    private List<RecordingPort.Sent> requests() {
        return lone.port.sent.stream()
                .filter(sent -> sent.frames().get(0) instanceof Frame.PingRequest)
                .toList();
    }

    private Frame.Ack ack() {
        return new Frame.Ack(ping.nonce(), target.id(), 0, 0, 0, Coordinate.ORIGIN);
    }

    @Test
    void a_direct_answer_ends_it_and_measures_the_round_trip() {
        lone.pass(20 * MILLISECOND);
        lone.membership.onAck(target.id(), ack(), lone.now);
        lone.pass(950 * MILLISECOND);
        assertThat(requests()).isEmpty();
        assertThat(lone.standing(target)).isEqualTo(Standing.ALIVE);
        assertThat(lone.membership.find(target.id()).orElseThrow().roundTripNanos())
                .isBetween(20 * MILLISECOND, 21 * MILLISECOND);
    }

    @Test
    void who_answers_from_other_tables_is_the_next_to_compare_with() {
        for (int number = 20; number < 120; number++) {
            lone.admit(number);
        }
        lone.membership.onAck(target.id(), ack(), lone.now);
        assertThat(lone.membership.partner().orElseThrow().id()).isEqualTo(target.id());
        assertThat(lone.membership.partner().orElseThrow().id()).isNotEqualTo(target.id());
    }

    @Test
    void after_the_timeout_three_helpers_and_a_stream_try() {
        lone.pass(499 * MILLISECOND);
        assertThat(requests()).isEmpty();
        lone.pass(2 * MILLISECOND);
        assertThat(requests()).hasSize(3);
        assertThat(requests().stream().map(RecordingPort.Sent::to).distinct()).hasSize(3);
        assertThat(requests()).noneMatch(sent -> sent.to().id().equals(target.id()));
        assertThat(lone.port.streamPings).containsExactly(ping);
    }

    @Test
    void an_answer_through_a_helper_counts_and_measures_nothing() {
        lone.pass(600 * MILLISECOND);
        lone.membership.onAck(requests().get(1).to().id(), ack(), lone.now);
        lone.pass(450 * MILLISECOND);
        assertThat(lone.standing(target)).isEqualTo(Standing.ALIVE);
        assertThat(lone.membership.find(target.id()).orElseThrow().roundTripNanos())
                .isNegative();
    }

    @Test
    void an_answer_through_somebody_who_was_not_asked_does_not_count() {
        lone.pass(600 * MILLISECOND);
        lone.membership.onAck(LoneMember.MESSENGER.id(), ack(), lone.now);
        lone.pass(450 * MILLISECOND);
        assertThat(lone.standing(target)).isEqualTo(Standing.SUSPECT);
    }

    @Test
    void an_answer_by_stream_counts_and_says_that_datagrams_are_lost() {
        lone.pass(600 * MILLISECOND);
        lone.membership.onStreamAck(target.id(), ack(), lone.now);
        lone.pass(450 * MILLISECOND);
        assertThat(lone.standing(target)).isEqualTo(Standing.ALIVE);
        MemberState.Contact contact =
                lone.membership.find(target.id()).orElseThrow().contact();
        assertThat(contact.onlyByStream()).isTrue();
        assertThat(contact.heardAt()).isPositive();
        assertThat(lone.port.notices).contains(new MembershipPort.OnlyByStream(target.id()));
    }

    @Test
    void a_nonce_that_is_not_ours_counts_for_nothing() {
        lone.membership.onAck(
                target.id(), new Frame.Ack(ping.nonce() + 1, target.id(), 0, 0, 0, Coordinate.ORIGIN), lone.now);
        lone.pass(1_050 * MILLISECOND);
        assertThat(lone.standing(target)).isEqualTo(Standing.SUSPECT);
    }

    @Test
    void helpers_that_say_they_are_well_leave_our_health_alone() {
        lone.pass(600 * MILLISECOND);
        requests().forEach(sent -> lone.membership.onNack(sent.to().id(), new Frame.Nack(ping.nonce())));
        lone.pass(450 * MILLISECOND);
        assertThat(lone.standing(target)).isEqualTo(Standing.SUSPECT);
        assertThat(lone.membership.healthScore()).isZero();
    }

    @Test
    void each_helper_that_says_nothing_makes_us_doubt_ourselves() {
        lone.pass(600 * MILLISECOND);
        lone.membership.onNack(requests().get(0).to().id(), new Frame.Nack(ping.nonce()));
        lone.membership.onNack(requests().get(0).to().id(), new Frame.Nack(ping.nonce()));
        lone.membership.onNack(LoneMember.MESSENGER.id(), new Frame.Nack(ping.nonce()));
        lone.pass(450 * MILLISECOND);
        assertThat(lone.membership.healthScore()).isEqualTo(2);
    }

    @Test
    void ill_health_gives_the_next_one_more_time() {
        lone.pass(1_050 * MILLISECOND);
        assertThat(lone.membership.healthScore()).isEqualTo(3);
        int before = pings().size();
        // Four intervals instead of one.
        lone.pass(3_900 * MILLISECOND);
        assertThat(pings()).hasSize(before);
        lone.pass(200 * MILLISECOND);
        assertThat(pings()).hasSize(before + 1);
    }

    /** Lifeguard's buddy system. */
    @Test
    void a_suspect_hears_of_the_accusation_with_its_next_ping() {
        for (int i = 1; i <= 6; i++) {
            lone.hear(LoneMember.suspect(new FakeSigner(i), 0));
        }
        lone.port.sent.clear();
        lone.pass(1_050 * MILLISECOND);
        List<? extends Frame> frames = lone.port.sent.stream()
                .map(RecordingPort.Sent::frames)
                .filter(sent -> sent.get(0) instanceof Frame.Ping)
                .findFirst()
                .orElseThrow();
        Frame.Ping next = (Frame.Ping) frames.get(0);
        assertThat(frames.get(1))
                .isInstanceOfSatisfying(
                        Frame.Suspect.class, word -> assertThat(word.about()).isEqualTo(next.target()));
    }
}
