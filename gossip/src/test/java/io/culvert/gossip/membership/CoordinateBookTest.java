package io.culvert.gossip.membership;

import static org.assertj.core.api.Assertions.assertThat;

import io.culvert.catalog.NodeId;
import io.culvert.gossip.wire.Coordinate;
import io.culvert.gossip.wire.SyncFrame.CoordinateEntry;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class CoordinateBookTest {
    private static final long SECOND = LoneMember.SECOND;
    private static final Coordinate SOMEWHERE =
            new Coordinate(new float[] {0.01f, 0, 0, 0, 0, 0, 0, 0}, 0.001f, 0, 0.2f);
    private static final Coordinate ELSEWHERE =
            new Coordinate(new float[] {0.05f, 0, 0, 0, 0, 0, 0, 0}, 0.001f, 0, 0.2f);

    private final LoneMember lone = new LoneMember();

    private static CoordinateEntry entry(NodeId id, int age, Coordinate coordinate) {
        return new CoordinateEntry(id, age, coordinate);
    }

    private Coordinate coordinateOf(FakeSigner member) {
        return lone.membership.find(member.id()).orElseThrow().contact().coordinate();
    }

    @Test
    void what_is_lacking_is_asked_for_and_what_is_known_is_not() {
        FakeSigner one = lone.admit(1);
        FakeSigner gone = lone.admit(2);
        lone.hear(gone.left(0));
        assertThat(lone.membership.coordinatesWanted(lone.now)).containsExactly(one.id());
        learn(entry(one.id(), 5, SOMEWHERE));
        assertThat(lone.membership.coordinatesWanted(lone.now)).isEmpty();
        assertThat(coordinateOf(one)).isEqualTo(SOMEWHERE);
        lone.pass(CoordinateBook.OLD_NANOS);
        assertThat(lone.membership.coordinatesWanted(lone.now)).containsExactly(one.id());
    }

    private void learn(CoordinateEntry... entries) {
        List<NodeId> asked = new ArrayList<>();
        for (CoordinateEntry entry : entries) {
            asked.add(entry.id());
        }
        lone.membership.onCoordinates(List.of(entries), asked, lone.now);
    }

    @Test
    void the_newer_of_two_is_kept_whoever_comes_first() {
        FakeSigner one = lone.admit(1);
        lone.pass(100 * SECOND);
        learn(entry(one.id(), 5, SOMEWHERE));
        learn(entry(one.id(), 50, ELSEWHERE));
        assertThat(coordinateOf(one)).isEqualTo(SOMEWHERE);
        learn(entry(one.id(), 1, ELSEWHERE));
        assertThat(coordinateOf(one)).isEqualTo(ELSEWHERE);
    }

    @Test
    void what_was_not_asked_for_is_not_taken() {
        FakeSigner one = lone.admit(1);
        FakeSigner two = lone.admit(2);
        lone.membership.onCoordinates(
                List.of(entry(two.id(), 0, SOMEWHERE), entry(one.id(), 0, SOMEWHERE), entry(one.id(), 0, ELSEWHERE)),
                List.of(one.id()),
                lone.now + SECOND);
        assertThat(coordinateOf(two)).isEqualTo(Coordinate.ORIGIN);
        assertThat(coordinateOf(one)).isEqualTo(SOMEWHERE);
    }

    @Test
    void passing_on_makes_nothing_younger() {
        FakeSigner one = lone.admit(1);
        learn(entry(one.id(), 5, SOMEWHERE));
        lone.pass(10 * SECOND + 1);
        assertThat(lone.membership.coordinates(List.of(one.id(), new FakeSigner(7).id(), lone.self()), lone.now))
                .containsExactly(entry(one.id(), 16, SOMEWHERE), entry(lone.self(), 0, lone.membership.coordinate()));
    }

    @Test
    void a_pool_of_ten_thousand_costs_so_much_a_round_and_no_more() {
        for (int i = 1; i <= 10_000; i++) {
            lone.admit(i);
        }
        Set<NodeId> asked = new HashSet<>();
        for (int round = 0; round < 10; round++) {
            List<NodeId> wanted = lone.membership.coordinatesWanted(lone.now);
            assertThat(wanted).hasSizeLessThanOrEqualTo(CoordinateBook.MOST_LACKING);
            asked.addAll(wanted);
            wanted.forEach(id -> learn(entry(id, 0, SOMEWHERE)));
        }
        assertThat(asked).hasSize(10_000);
        lone.pass(2 * CoordinateBook.OLD_NANOS);
        Set<NodeId> again = new HashSet<>();
        for (int round = 0; round < 79; round++) {
            List<NodeId> wanted = lone.membership.coordinatesWanted(lone.now);
            assertThat(wanted).hasSizeLessThanOrEqualTo(CoordinateBook.MOST_OLD);
            again.addAll(wanted);
            wanted.forEach(id -> learn(entry(id, 0, ELSEWHERE)));
        }
        assertThat(again).hasSize(10_000);
    }

    @Test
    void a_question_without_end_is_answered_in_part() {
        for (int i = 1; i <= 2_000; i++) {
            lone.admit(i);
        }
        List<NodeId> all =
                lone.membership.others().stream().map(MemberState::id).toList();
        all.forEach(id -> learn(entry(id, 0, SOMEWHERE)));
        assertThat(lone.membership.coordinates(all, lone.now)).hasSize(CoordinateBook.MOST_LACKING);
    }
}
