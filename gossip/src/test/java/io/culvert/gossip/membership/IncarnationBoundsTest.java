package io.culvert.gossip.membership;

import static org.assertj.core.api.Assertions.assertThat;

import io.culvert.gossip.wire.Incarnation;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class IncarnationBoundsTest {
    private static final long YEAR = 31_536_000;
    /** A day in 2026. */
    private static final long NOW = 1_770_000_000;

    private final LoneMember lone = new LoneMember();

    /** Known as (epoch of its start, 5); heard of so many seconds ago. */
    @ParameterizedTest
    @CsvSource({
        // known epoch, next epoch, next number, seconds, reachable
        "1770000000, 1770000000, 6, 0, true",
        "1770000000, 1770000000, 1048581, 0, true",
        "1770000000, 1770000000, 1048582, 0, false",
        // Twenty refutations in each second of a cut of 71 hours.
        "1770000000, 1770000000, 5112005, 255600, true",
        "1770000000, 1770000000, -1, 0, false",
        "1770000000, 1770000000, 9223372036854775807, 0, false",
        // A restart after a year of running, and one by a clock that is twelve days ahead; thirteen are too many.
        "1738464000, 1770000000, 0, 31536000, true",
        "1770000000, 1771036800, 0, 0, true",
        "1770000000, 1771123200, 0, 0, false",
        "1770000000, 281474976710655, 0, 0, false",
        // Their clock, or ours, is wrong: we cannot judge, but room must be left.
        "1800000000, 1830000000, 0, 0, true",
        "1800000000, 281470681743359, 0, 0, true",
        "1800000000, 281470681743360, 0, 0, false",
    })
    void a_member_can_have_come_so_far(long knownEpoch, long epoch, long number, long seconds, boolean reachable) {
        IncarnationBounds bounds = new IncarnationBounds(() -> Instant.ofEpochSecond(NOW));
        assertThat(bounds.isReachable(
                        new Incarnation(epoch, number), new Incarnation(knownEpoch, 5), seconds * LoneMember.SECOND))
                .isEqualTo(reachable);
    }

    @Test
    void a_word_that_jumps_too_far_is_not_even_checked_and_is_counted() {
        FakeSigner key = lone.admit(1);
        lone.hear(key.alive(2L << 20));
        lone.hear(key.left(2L << 20));
        assertThat(lone.membership.find(key.id()).orElseThrow().incarnation().number())
                .isZero();
        assertThat(lone.port.notices.stream().filter(MembershipPort.ImplausibleIncarnation.class::isInstance))
                .hasSize(2);
    }

    @Test
    void a_newcomer_whose_number_leaves_no_room_is_not_taken_in() {
        FakeSigner key = new FakeSigner(1);
        lone.hear(key.alive(new Incarnation(Incarnation.MAX_EPOCH, 0)));
        lone.hear(key.alive(new Incarnation(7, -1)));
        assertThat(lone.membership.find(key.id())).isEmpty();
        lone.hear(key.alive(new Incarnation(NOW + 50 * YEAR, 0)));
        assertThat(lone.membership.find(key.id())).isPresent();
    }
}
