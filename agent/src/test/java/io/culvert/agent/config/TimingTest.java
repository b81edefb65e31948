package io.culvert.agent.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.culvert.gossip.membership.SwimSettings;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class TimingTest {
    private static SettingsReader.Result read(String text) {
        return SettingsReader.read("culvert.conf", text, List.of(), "host-1", new Problems());
    }

    private static List<String> problems(String text) {
        return read(text).problems().stream().map(Object::toString).toList();
    }

    private static SwimSettings timing(String text) {
        return read(text).settings().orElseThrow().gossip().timing();
    }

    @ParameterizedTest
    @EnumSource(PoolSettings.Preset.class)
    void a_preset_alone_is_taken_as_it_is_and_draws_no_warning(PoolSettings.Preset preset) {
        String text = "gossip.preset = " + preset;
        assertThat(timing(text)).isEqualTo(preset.timing());
        assertThat(problems(text)).isEmpty();
    }

    @Test
    void a_single_setting_changes_only_itself() {
        SwimSettings changed = timing("gossip { preset = wan, suspicion_mult = 4 }");
        assertThat(changed.suspicion()).isEqualTo(new SwimSettings.Suspicion(4, 6));
        assertThat(changed.probe()).isEqualTo(SwimSettings.wan().probe());
        assertThat(changed.spread()).isEqualTo(SwimSettings.wan().spread());
        assertThat(changed.keeping()).isEqualTo(SwimSettings.wan().keeping());
    }

    @ParameterizedTest
    @CsvSource({
        "probe_interval,600ms,99ms,60s,61s",
        "probe_timeout,10ms,9ms,900ms,31s",
        "indirect_checks,0,-1,16,17",
        "suspicion_mult,1,0,32,33",
        "suspicion_max_timeout_mult,1,0,32,33",
        "gossip_interval,10ms,9ms,1s,11s",
        "gossip_nodes,1,0,32,33",
        "retransmit_mult,1,0,32,33",
        "gossip_to_the_dead_time,0s,,1h,61m",
        "anti_entropy_interval,1s,999ms,10m,11m",
        "budget,2000,1999,100000000,100000001",
        "budget_burst,60000,1999,100000000,100000001",
        "forget_after,1h,59m,8760h,8761h",
    })
    void each_bound_is_kept(String key, String least, String below, String most, String above) {
        assertThat(read("gossip." + key + " = " + least).settings()).isPresent();
        assertThat(read("gossip." + key + " = " + most).settings()).isPresent();
        assertThat(read("gossip." + key + " = " + above).settings()).isEmpty();
        if (below != null) {
            assertThat(read("gossip." + key + " = " + below).settings()).isEmpty();
        }
        assertThat(problems("\ngossip." + key + " = " + above))
                .anySatisfy(problem -> assertThat(problem)
                        .startsWith("culvert.conf:2: 'gossip." + key + "': ")
                        .doesNotContain("warning"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "probe_timeout = 1s|culvert.conf:2: 'gossip.probe_timeout': with 'gossip.probe_interval' of the preset, 1s is not shorter than 1s",
                "probe_interval = 400ms|culvert.conf:2: 'gossip.probe_interval': with 'gossip.probe_timeout' of the preset, 500ms is not shorter than 400ms",
                "gossip_interval = 2s|culvert.conf:2: 'gossip.gossip_interval': with 'gossip.probe_interval' of the preset, 2s is longer than 1s",
                "budget_burst = 10000|culvert.conf:2: 'gossip.budget_burst': with 'gossip.budget' of the preset, 10000 is less than the 60000 of one second",
            })
    void a_contradiction_is_refused_where_it_stands(String setting, String message) {
        assertThat(problems("gossip {\n" + setting + "\n}")).first().asString().startsWith(message);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "probe_timeout = 900ms|less than a fifth",
                "indirect_checks = 0|nobody else tries",
                "probe_interval = 100ms, probe_timeout = 50ms, gossip_interval = 50ms|probes a second",
                "suspicion_mult = 2|nobody's confirmation counts",
                "suspicion_max_timeout_mult = 1|unconfirmed suspicion",
                "probe_interval = 400ms, probe_timeout = 200ms|only 1600ms to object",
                "gossip_interval = 1s, gossip_nodes = 1|news needs about 11s",
                "retransmit_mult = 1|many hosts miss a change",
                "anti_entropy_interval = 5m|for minutes",
                "budget = 5000|wait in line",
                "gossip_to_the_dead_time = 1s|cannot object",
                "forget_after = 24h|apart for longer",
            })
    void a_dangerous_combination_draws_a_warning_and_takes_effect(String setting, String words) {
        String text = "gossip {\n" + setting + "\n}";
        assertThat(read(text).settings()).isPresent();
        assertThat(problems(text))
                .anySatisfy(problem -> assertThat(problem)
                        .startsWith("culvert.conf:2: warning: 'gossip.")
                        .contains(words));
    }

    @ParameterizedTest
    @CsvSource({
        "'gossip_lan { probe_interval = 1s }',unknown setting 'gossip_lan' (it is 'gossip' here, with the same names)",
        "'gossip_wan { gossip_nodes = 4 }','preset = wan'",
        "'retry_join = [\"a\"]',did you mean 'gossip.retry_join'?",
        "'start_join = [\"a\"]',it is 'gossip.retry_join' here",
        "'reconnect_timeout = 72h',it is 'gossip.forget_after' here",
        "'gossip.probe_intervall = 1s',did you mean 'gossip.probe_interval'?",
    })
    void consuls_names_lead_to_ours(String text, String hint) {
        assertThat(problems(text)).singleElement().asString().contains(hint);
    }

    @Test
    void a_budget_raised_alone_takes_the_burst_along() {
        assertThat(timing("gossip.budget = 1000000").spread().budget())
                .isEqualTo(new SwimSettings.Budget(1_000_000, 1_000_000));
        assertThat(timing("gossip.probe_interval = 10s").probe().timeout()).isEqualTo(Duration.ofMillis(500));
    }
}
