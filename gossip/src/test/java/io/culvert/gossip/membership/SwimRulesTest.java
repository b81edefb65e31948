package io.culvert.gossip.membership;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The figures that memberlist's formulas give on a LAN. */
class SwimRulesTest {
    private static final double SECOND = 1e9;

    @ParameterizedTest
    @CsvSource({"30, 5.9, 35.5", "100, 8, 48", "1000, 12, 72", "10000, 16, 96", "50000, 18.8, 112.8"})
    void a_suspicion_lasts_as_long_as_in_memberlist(int members, double shortest, double longest) {
        assertThat(SwimRules.shortestSuspicionNanos(SwimSettings.lan(), members) / SECOND)
                .isCloseTo(shortest, within(0.05));
        assertThat(SwimRules.longestSuspicionNanos(SwimSettings.lan(), members) / SECOND)
                .isCloseTo(longest, within(0.06));
    }

    @ParameterizedTest
    @CsvSource({"30, 8", "100, 12", "999, 12", "1000, 16", "9999, 16", "10000, 20", "100000, 24"})
    void a_rumour_is_told_as_often_as_in_memberlist(int members, int copies) {
        assertThat(SwimRules.copies(4, members)).isEqualTo(copies);
    }

    @Test
    void each_confirmation_shortens_the_suspicion_down_to_the_shortest() {
        long shortest = (long) (8 * SECOND);
        long longest = (long) (48 * SECOND);
        assertThat(SwimRules.suspicionNanos(shortest, longest, 2, 0)).isEqualTo(longest);
        assertThat(SwimRules.suspicionNanos(shortest, longest, 2, 1) / SECOND).isCloseTo(48 - 0.631 * 40, within(0.01));
        assertThat(SwimRules.suspicionNanos(shortest, longest, 2, 2)).isEqualTo(shortest);
    }

    @Test
    void where_too_few_could_confirm_the_suspicion_is_short_at_once() {
        assertThat(SwimRules.confirmationsWanted(SwimSettings.lan(), 3)).isZero();
        assertThat(SwimRules.confirmationsWanted(SwimSettings.lan(), 4)).isEqualTo(2);
        assertThat(SwimRules.suspicionNanos(8, 48, 0, 0)).isEqualTo(8);
    }
}
