package io.culvert.gossip.replication;

import static org.assertj.core.api.Assertions.assertThat;

import io.culvert.catalog.CheckStatus;
import io.culvert.catalog.NodeId;
import io.culvert.gossip.wire.Frame;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ContentRumoursTest {
    private final ContentRumours rumours = new ContentRumours(100);

    @Test
    void what_stops_working_is_told_first_then_what_was_told_least() {
        rumours.add(flip(1, CheckStatus.PASSING), false, 0);
        rumours.add(flip(2, CheckStatus.CRITICAL), true, 0);
        rumours.add(flip(3, CheckStatus.PASSING), false, 0);

        assertThat(owners(take(1))).containsExactly(2L);
        assertThat(owners(take(2))).containsExactly(2L, 3L);
        assertThat(owners(take(3))).containsExactly(2L, 1L, 3L);
    }

    @ParameterizedTest
    @CsvSource({"2, 6", "9, 6", "10, 8", "99, 8", "100, 8", "10000, 8"})
    void bad_news_is_told_six_to_eight_times_and_good_news_six_times(int members, int copies) {
        rumours.add(flip(1, CheckStatus.CRITICAL), true, 0);
        rumours.add(flip(2, CheckStatus.PASSING), false, 0);

        int bad = 0;
        int good = 0;
        while (rumours.size() > 0) {
            List<Long> told = owners(rumours.take(new ContentRumours.Round(), 1_200, members));
            bad += told.contains(1L) ? 1 : 0;
            good += told.contains(2L) ? 1 : 0;
        }

        assertThat(bad).isEqualTo(copies);
        assertThat(good).isEqualTo(6);
    }

    @Test
    void a_newer_rumour_of_an_owner_replaces_the_older_and_keeps_its_urgency() {
        rumours.add(flip(1, CheckStatus.CRITICAL), true, 0);
        rumours.add(flip(2, CheckStatus.PASSING), false, 0);
        rumours.add(flip(1, CheckStatus.PASSING), false, 0);

        assertThat(rumours.size()).isEqualTo(2);
        assertThat(owners(take(1))).containsExactly(1L);
    }

    @Test
    void one_listener_hears_nothing_twice_in_a_round_of_several_packets() {
        for (int i = 0; i < 10; i++) {
            rumours.add(flip(i, CheckStatus.PASSING), false, 0);
        }
        ContentRumours.Round round = new ContentRumours.Round();

        List<Frame.Content> first = rumours.take(round, 700, 10);
        List<Frame.Content> second = rumours.take(round, 1_200, 10);

        assertThat(owners(first)).hasSize(5).doesNotContainAnyElementsOf(owners(second));
        assertThat(second).hasSize(5);
        assertThat(rumours.take(round, 1_200, 10)).isEmpty();
    }

    @Test
    void a_full_queue_lets_go_of_the_least_urgent() {
        ContentRumours small = new ContentRumours(3);
        small.add(flip(1, CheckStatus.CRITICAL), true, 0);
        for (int i = 2; i < 20; i++) {
            small.add(flip(i, CheckStatus.PASSING), false, 0);
        }

        assertThat(small.size()).isEqualTo(3);
        assertThat(owners(small.take(new ContentRumours.Round(), 1_200, 10))).contains(1L);
    }

    @Test
    void what_fits_no_packet_is_told_by_its_head() {
        Head head = flip(1, CheckStatus.PASSING).head();
        rumours.add(new Delta(head, 4, List.of(new Delta.Put(1, 5, new byte[1_300]))), false, 0);

        assertThat(take(20))
                .singleElement()
                .satisfies(frame -> assertThat(World.read(frame)).isEqualTo(head));
    }

    @Test
    void what_is_forgotten_is_not_told() {
        rumours.add(flip(1, CheckStatus.PASSING), false, 0);

        rumours.drop(new NodeId(0, 1));

        assertThat(rumours.size()).isZero();
        assertThat(take(5)).isEmpty();
    }

    private List<Frame.Content> take(int howMany) {
        return rumours.take(new ContentRumours.Round(), howMany * 130, 10);
    }

    private static List<Long> owners(List<Frame.Content> frames) {
        return frames.stream()
                .map(frame -> ((Announcement) World.read(frame)).head().owner().low())
                .toList();
    }

    private static Delta flip(long owner, CheckStatus status) {
        Head head = new Head(new NodeId(0, owner), 1, 5, 1, 1, new SetHash(1, 2), new byte[64]);
        return new Delta(head, 4, List.of(new Delta.StatusFlip(1, 5, status)));
    }
}
