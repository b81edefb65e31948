package io.culvert.gossip;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.culvert.catalog.IpAddress;
import io.culvert.gossip.identity.PoolLabel;
import io.culvert.gossip.membership.SwimSettings;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class GossipSettingsTest {
    private static final GossipSettings.Listening HERE =
            new GossipSettings.Listening(IpAddress.parse("10.0.0.1"), 8301, Optional.empty(), 8443);

    @Test
    void the_presets_are_those_of_memberlist() {
        assertThat(GossipSettings.lan(HERE, Path.of("data")).timing()).isEqualTo(SwimSettings.lan());
        assertThat(SwimSettings.lan().probe())
                .isEqualTo(new SwimSettings.Probe(Duration.ofSeconds(1), Duration.ofMillis(500), 3, 7));
        assertThat(SwimSettings.wan().probe())
                .isEqualTo(new SwimSettings.Probe(Duration.ofSeconds(5), Duration.ofSeconds(3), 3, 7));
        assertThat(SwimSettings.local().suspicion()).isEqualTo(new SwimSettings.Suspicion(3, 6));
    }

    @Test
    void every_setting_can_be_another() {
        List<HostPort> hosts = List.of(new HostPort("seed", 8301));
        GossipSettings changed = GossipSettings.local(HERE, Path.of("data"))
                .withPoolLabel(new PoolLabel("other"))
                .withServer(true)
                .withRetryJoin(hosts, Duration.ofSeconds(1))
                .withTiming(SwimSettings.wan());
        assertThat(changed)
                .isEqualTo(new GossipSettings(
                        new PoolLabel("other"),
                        HERE,
                        true,
                        Path.of("data"),
                        hosts,
                        Duration.ofSeconds(1),
                        SwimSettings.wan()));
    }

    @Test
    void dangerous_combinations_are_refused_with_the_reason() {
        assertThatThrownBy(() -> new SwimSettings.Probe(Duration.ofSeconds(1), Duration.ofSeconds(1), 3, 7))
                .hasMessageContaining("helpers are never asked");
        assertThatThrownBy(() -> new SwimSettings.Probe(Duration.ofMillis(1), Duration.ofNanos(1), 3, 7))
                .hasMessageContaining("at least");
        assertThatThrownBy(() -> new SwimSettings.Suspicion(0, 6)).hasMessageContaining("1 to 32");
        assertThatThrownBy(() -> new SwimSettings.Budget(1, 1)).hasMessageContaining("2000");
        assertThatThrownBy(() -> new SwimSettings.Keeping(Duration.ofHours(1), Duration.ofHours(1)))
                .hasMessageContaining("come back");
        assertThatThrownBy(() -> new GossipSettings.Listening(IpAddress.parse("0.0.0.0"), 8301, Optional.empty(), 8443))
                .hasMessageContaining("advertise");
        assertThatThrownBy(
                        () -> GossipSettings.lan(HERE, Path.of("data")).withRetryJoin(List.of(), Duration.ofMillis(1)))
                .hasMessageContaining("retry interval");
    }

    @ParameterizedTest
    @CsvSource({
        "seed, seed, 8301",
        "seed:9000, seed, 9000",
        "10.0.0.7:1, 10.0.0.7, 1",
        "fd00::7, fd00::7, 8301",
        "[fd00::7]:9000, fd00::7, 9000",
        "[fd00::7], fd00::7, 8301"
    })
    void a_host_and_port_are_read_as_people_write_them(String text, String host, int port) {
        assertThat(HostPort.parse(text)).isEqualTo(new HostPort(host, port));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ":8301", "seed:", "seed:0", "seed:65536", "seed:x", "[fd00::7", "[fd00::7]x:1"})
    void what_is_no_host_and_port_is_refused(String text) {
        assertThatThrownBy(() -> HostPort.parse(text)).isInstanceOf(IllegalArgumentException.class);
    }
}
