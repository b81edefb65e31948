package io.culvert.health.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.culvert.health.CheckKind;
import io.culvert.health.Definitions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SmallPartsTest {
    @ParameterizedTest
    @CsvSource({
        "0, 0ms",
        "500, 500ms",
        "1000, 1s",
        "1500, 1.5s",
        "1050, 1.05s",
        "30000, 30s",
        "60000, 1m0s",
        "90000, 1m30s",
        "7200000, 2h0m0s",
        "3661001, 1h1m1.001s",
    })
    void durations_read_as_go_writes_them(long millis, String text) {
        assertThat(GoDuration.text(Duration.ofMillis(millis))).isEqualTo(text);
    }

    @Test
    void a_fingerprint_does_not_depend_on_the_order_of_the_environment_but_on_everything_done() {
        CheckKind.Script script = new CheckKind.Script(List.of("a", "b"), Map.of("x", "1", "y", "2"), "/", "root");
        CheckKind.Script sameScript = new CheckKind.Script(List.of("a", "b"), Map.of("y", "2", "x", "1"), "/", "root");
        String fingerprint = Fingerprint.of(Definitions.of("c", script));
        assertThat(Fingerprint.of(Definitions.named(Definitions.of("c", sameScript), "other name")))
                .isEqualTo(fingerprint);
        assertThat(Fingerprint.of(Definitions.of("c", new CheckKind.Script(List.of("a", "b"), Map.of(), "/", "root"))))
                .isNotEqualTo(fingerprint);
        assertThat(Fingerprint.of(
                        Definitions.of("c", new CheckKind.Script(List.of("a, b"), script.environment(), "/", "root"))))
                .isNotEqualTo(fingerprint);
        assertThat(Fingerprint.of(
                        Definitions.timing(Definitions.of("c", script), Duration.ofSeconds(11), Duration.ofSeconds(5))))
                .isNotEqualTo(fingerprint);
    }

    @Test
    void definitions_that_cannot_be_run_are_refused_with_their_id() {
        assertThatThrownBy(() -> Definitions.timing(Definitions.tcp("c"), Duration.ZERO, Duration.ofSeconds(1)))
                .hasMessageContaining("check 'c'")
                .hasMessageContaining("interval");
        assertThatThrownBy(() -> Definitions.timing(Definitions.tcp("c"), Duration.ofSeconds(1), Duration.ZERO))
                .hasMessageContaining("timeout");
        assertThatThrownBy(() -> Definitions.output(Definitions.tcp("c"), 0)).hasMessageContaining("output_max_size");
        assertThatThrownBy(() -> Definitions.thresholds(Definitions.tcp("c"), -1, 0))
                .hasMessageContaining("threshold");
        assertThatThrownBy(() -> Definitions.tcp("")).hasMessageContaining("id");
        assertThatThrownBy(() -> new CheckKind.Ttl(Duration.ZERO)).hasMessageContaining("ttl");
        assertThatThrownBy(() -> new CheckKind.Script(List.of(), Map.of(), "", ""))
                .hasMessageContaining("args");
    }
}
