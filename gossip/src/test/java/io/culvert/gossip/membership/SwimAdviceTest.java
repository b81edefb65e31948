package io.culvert.gossip.membership;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SwimAdviceTest {
    private static final SwimSettings LAN = SwimSettings.lan();

    private static Duration millis(long millis) {
        return Duration.ofMillis(millis);
    }

    private static SwimSettings with(SwimSettings.Probe probe) {
        return new SwimSettings(probe, LAN.suspicion(), LAN.spread(), LAN.keeping());
    }

    private static SwimSettings with(SwimSettings.Suspicion suspicion) {
        return new SwimSettings(LAN.probe(), suspicion, LAN.spread(), LAN.keeping());
    }

    private static SwimSettings with(SwimSettings.Spread spread) {
        return new SwimSettings(LAN.probe(), LAN.suspicion(), spread, LAN.keeping());
    }

    private static SwimSettings with(SwimSettings.Keeping keeping) {
        return new SwimSettings(LAN.probe(), LAN.suspicion(), LAN.spread(), keeping);
    }

    private static void assertWarned(SwimSettings settings, int members, String about) {
        List<String> warnings = SwimAdvice.warnings(settings, members);
        assertThat(warnings)
                .anySatisfy(warning -> assertThat(warning).contains(about).contains("(advised: "));
    }

    @ParameterizedTest
    @CsvSource({
        "lan, 1",
        "lan, 100",
        "lan, 1000",
        "lan, 8000",
        "wan, 1",
        "wan, 1000",
        "wan, 8000",
        "local, 1",
        "local, 9",
        "local, 50",
        "local, 1000"
    })
    void the_presets_are_fit_for_the_pools_they_are_meant_for(String preset, int members) {
        SwimSettings settings = switch (preset) {
            case "lan" -> SwimSettings.lan();
            case "wan" -> SwimSettings.wan();
            default -> SwimSettings.local();
        };
        assertThat(SwimAdvice.warnings(settings, members)).isEmpty();
    }

    @Test
    void fifty_thousand_members_need_more_bytes_than_the_presets_give() {
        assertThat(SwimAdvice.warnings(LAN, 10_000)).isEmpty();
        assertWarned(LAN, 50_000, "50000 members with ten services each need about 120000");
    }

    @Test
    void probes_that_cannot_work_are_refused_and_poor_ones_warned_of() {
        assertThatThrownBy(() -> new SwimSettings.Probe(millis(500), millis(500), 3, 7))
                .hasMessageContaining("probe timeout")
                .hasMessageContaining("or helpers are never asked");
        assertWarned(with(new SwimSettings.Probe(millis(1_000), millis(900), 3, 7)), 10, "less than a quarter");
        assertWarned(with(new SwimSettings.Probe(millis(1_000), millis(500), 0, 7)), 10, "no helpers");
        assertWarned(with(new SwimSettings.Probe(millis(1_000), millis(500), 3, 0)), 10, "greatest health score 0");
    }

    @Test
    void suspicions_without_lifeguard_are_warned_of() {
        assertWarned(
                with(new SwimSettings.Suspicion(2, 6)), 10, "suspicion multiplier 2: nobody's confirmation counts");
        assertWarned(with(new SwimSettings.Suspicion(4, 1)), 10, "greatest suspicion multiplier 1");
        assertThat(SwimAdvice.warnings(with(new SwimSettings.Suspicion(3, 6)), 10))
                .isEmpty();
    }

    @Test
    void a_suspicion_that_ends_before_its_refutation_comes_is_warned_of() {
        assertWarned(
                with(new SwimSettings.Spread(
                        millis(1_000),
                        1,
                        4,
                        Duration.ofSeconds(10),
                        Duration.ofSeconds(30),
                        LAN.spread().budget())),
                1_000,
                "longer than the shortest suspicion");
        assertThatThrownBy(() -> with(new SwimSettings.Spread(
                        millis(1_001),
                        3,
                        4,
                        Duration.ofSeconds(10),
                        Duration.ofSeconds(30),
                        LAN.spread().budget())))
                .hasMessageContaining("gossip interval")
                .hasMessageContaining("accusations outrun their refutations");
    }

    @Test
    void too_few_copies_for_the_size_are_warned_of_with_how_many_are_enough() {
        SwimSettings few = with(new SwimSettings.Spread(
                millis(200),
                3,
                1,
                Duration.ofSeconds(10),
                Duration.ofSeconds(30),
                LAN.spread().budget()));
        assertWarned(few, 1_000, "repeats a rumour 4 times; of 1000 members about 27 miss it");
        assertWarned(few, 1_000, "a copies multiplier of 2)");
    }

    @Test
    void rare_comparisons_short_memories_and_small_budgets_are_warned_of() {
        SwimSettings.Budget budget = LAN.spread().budget();
        assertWarned(
                with(new SwimSettings.Spread(millis(200), 3, 4, Duration.ofMinutes(6), Duration.ofSeconds(30), budget)),
                10,
                "anti-entropy interval 360 s");
        assertWarned(
                with(new SwimSettings.Spread(millis(200), 3, 4, Duration.ofSeconds(10), millis(500), budget)),
                10,
                "the dead are told for 500 ms only");
        assertWarned(
                with(new SwimSettings.Spread(
                        millis(200),
                        3,
                        4,
                        Duration.ofSeconds(10),
                        Duration.ofSeconds(30),
                        new SwimSettings.Budget(2_000, 2_000))),
                1_000,
                "2000 gossip bytes per second");
        assertWarned(
                with(new SwimSettings.Spread(
                        millis(200),
                        3,
                        4,
                        Duration.ofSeconds(10),
                        Duration.ofSeconds(30),
                        new SwimSettings.Budget(20_000, 2_000))),
                10,
                "less than one full packet for each of 3 listeners");
        assertWarned(
                with(new SwimSettings.Keeping(Duration.ofHours(2), Duration.ofHours(1))), 10, "forgotten after 7200 s");
        assertWarned(
                with(new SwimSettings.Keeping(Duration.ofHours(72), Duration.ofHours(36), 100)),
                500,
                "a table of 100 members is too small for 500");
        assertThatThrownBy(() -> new SwimSettings.Keeping(Duration.ofHours(72), Duration.ofHours(36), 1))
                .hasMessageContaining("most members: 1");
    }
}
