package io.culvert.proxy.balance;

import static org.assertj.core.api.Assertions.assertThat;

import io.culvert.catalog.NodeId;
import io.culvert.testbed.kit.Property;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class PickerTest {
    private static InstanceKey key(int host, String id) {
        return new InstanceKey(new NodeId(0, host), id);
    }

    private static Picker.Candidate candidate(int host, int active, int weight, boolean ejected) {
        return new Picker.Candidate(key(host, "i"), active, weight, ejected);
    }

    private static Map<Integer, Integer> counts(List<Picker.Candidate> all, Set<InstanceKey> tried, int runs) {
        SplittableRandom random = new SplittableRandom(7);
        Map<Integer, Integer> counts = new HashMap<>();
        for (int i = 0; i < runs; i++) {
            int host = (int)
                    Picker.pick(all, tried, random).orElseThrow().key().host().low();
            counts.merge(host, 1, Integer::sum);
        }
        return counts;
    }

    @Test
    void of_two_the_lighter_one_is_taken() {
        assertThat(counts(List.of(candidate(1, 5, 1, false), candidate(2, 4, 1, false)), Set.of(), 100))
                .containsOnlyKeys(2);
    }

    @Test
    void a_heavier_weight_carries_more() {
        assertThat(counts(List.of(candidate(1, 5, 10, false), candidate(2, 1, 1, false)), Set.of(), 100))
                .containsOnlyKeys(1);
    }

    @Test
    void equals_share_evenly() {
        List<Picker.Candidate> all =
                List.of(candidate(1, 0, 1, false), candidate(2, 0, 1, false), candidate(3, 0, 1, false));
        assertThat(counts(all, Set.of(), 9_000).values())
                .allSatisfy(n -> assertThat(n).isBetween(2_700, 3_300));
    }

    @Test
    void what_was_tried_is_not_tried_again() {
        List<Picker.Candidate> all = List.of(candidate(1, 0, 1, false), candidate(2, 9, 1, false));
        assertThat(counts(all, Set.of(key(1, "i")), 100)).containsOnlyKeys(2);
        assertThat(Picker.pick(all, Set.of(key(1, "i"), key(2, "i")), new SplittableRandom(1)))
                .isEmpty();
    }

    @Test
    void a_second_try_goes_to_another_host_when_there_is_one() {
        Picker.Candidate sameHost = new Picker.Candidate(key(1, "second"), 0, 1, false);
        List<Picker.Candidate> all = List.of(candidate(1, 0, 1, false), sameHost, candidate(2, 9, 1, false));
        assertThat(counts(all, Set.of(key(1, "i")), 100)).containsOnlyKeys(2);
        assertThat(counts(List.of(candidate(1, 0, 1, false), sameHost), Set.of(key(1, "i")), 100))
                .containsOnlyKeys(1);
    }

    @Test
    void what_failed_of_late_is_left_out_unless_most_have() {
        List<Picker.Candidate> oneOfThree =
                List.of(candidate(1, 0, 1, true), candidate(2, 9, 1, false), candidate(3, 9, 1, false));
        assertThat(counts(oneOfThree, Set.of(), 100)).doesNotContainKey(1);
        List<Picker.Candidate> twoOfThree =
                List.of(candidate(1, 0, 1, true), candidate(2, 0, 1, true), candidate(3, 9, 1, false));
        assertThat(counts(twoOfThree, Set.of(), 100)).containsKeys(1, 2);
    }

    @Test
    void whatever_is_offered_the_choice_is_one_of_it_and_untried() {
        Property.forSeeds(2_000, random -> {
            List<Picker.Candidate> all = new ArrayList<>();
            for (int i = random.nextInt(8); i > 0; i--) {
                all.add(new Picker.Candidate(
                        key(random.nextInt(4), "i" + i),
                        random.nextInt(10),
                        1 + random.nextInt(10),
                        random.nextBoolean()));
            }
            Set<InstanceKey> tried = new java.util.HashSet<>();
            all.stream().filter(one -> random.nextInt(3) == 0).forEach(one -> tried.add(one.key()));
            var picked = Picker.pick(all, tried, random);
            assertThat(picked.isPresent()).isEqualTo(tried.size() < all.size());
            picked.ifPresent(one -> {
                assertThat(all).contains(one);
                assertThat(tried).doesNotContain(one.key());
            });
        });
    }

    @Test
    void three_failures_in_a_row_eject_for_ten_seconds_and_then_longer() {
        SplittableRandom random = new SplittableRandom(1);
        long second = Duration.ofSeconds(1).toNanos();
        Ejection after2 = Ejection.NONE.failed(0, random).failed(0, random);
        assertThat(after2.isEjected(0)).isFalse();
        Ejection after3 = after2.failed(0, random);
        assertThat(after3.isEjected(7 * second)).isTrue();
        assertThat(after3.isEjected(13 * second)).isFalse();
        Ejection again = after3.failed(13 * second, random);
        assertThat(again.isEjected(28 * second))
                .as("twice as long after a failed trial")
                .isTrue();
        assertThat(again.isEjected(38 * second)).isFalse();
        Ejection often = again;
        for (int i = 0; i < 20; i++) {
            often = often.failed(often.until(), random);
        }
        assertThat(often.isEjected(often.until() - 1)).isTrue();
        long before = often.until();
        long pause = often.failed(before, random).until() - before;
        assertThat(pause).isBetween(240 * second, 360 * second);
    }
}
