package io.culvert.agent.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SuggestionsTest {
    @ParameterizedTest
    @CsvSource({
        "kitten, sitting, 3",
        "interval, intervall, 1",
        "prot, port, 1",
        "'', abc, 3",
        "abc, abc, 0",
        "ca, abc, 3"
    })
    void distance_counts_edits_and_swaps(String a, String b, int distance) {
        assertThat(Suggestions.distance(a, b)).isEqualTo(distance);
    }

    @Test
    void a_word_too_far_away_is_not_suggested() {
        assertThat(Suggestions.didYouMean("colour", List.of("port", "name"))).isEmpty();
        assertThat(Suggestions.didYouMean("Naem", List.of("port", "name"))).isEqualTo(" (did you mean 'name'?)");
        assertThat(Suggestions.didYouMean("x".repeat(65), List.of("x".repeat(64))))
                .isEmpty();
    }
}
