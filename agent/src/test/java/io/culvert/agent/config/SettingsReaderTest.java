package io.culvert.agent.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.culvert.agent.log.LogSettings;
import io.culvert.catalog.IpAddress;
import io.culvert.catalog.LoopbackPool;
import io.culvert.catalog.NodeName;
import io.culvert.catalog.TcpEndpoint;
import io.culvert.gossip.membership.SwimSettings;
import io.culvert.testbed.kit.Property;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class SettingsReaderTest {
    private static final Duration ZERO = Duration.ZERO;

    private static final String EVERYTHING = """
            server = true
            join = "culvert-secret"
            node_name = "db-1"
            node_meta { rack = "r7" }
            datacenter = "Berlin"
            bind_addr = "10.0.0.1"
            advertise_addr = "10.0.0.2"
            data_dir = "/srv/culvert"
            config_dirs = ["/etc/a", "/etc/b"]
            ports { http = 1, dns = 2, gossip = 3, tls = 4 }
            api { bind = "127.0.0.2", socket = "/run/c.sock", socket_group = adm, socket_mode = "0600" }
            dns {
              domain = "example.", alt_domain = "", recursors = ["10.0.0.53", "[fd00::1]:5353"], mesh_ttl = 1s, node_ttl = 2s
              service_ttl { "web" = 3s, "a*" = 4s }, negative_ttl = 5s, only_passing = true, port53 = true
            }
            gossip {
              preset = wan, label = "blue", retry_join = ["10.0.0.9", "b.example.org:1"], retry_interval = 5s
              probe_interval = 2s, probe_timeout = 700ms, indirect_checks = 5
              suspicion_mult = 7, suspicion_max_timeout_mult = 8
              gossip_interval = 300ms, gossip_nodes = 6, retransmit_mult = 9, gossip_to_the_dead_time = 40s
              anti_entropy_interval = 25s, budget = 30000, budget_burst = 400000, forget_after = 100h
            }
            proxy { loopback_pool = "127.80.0.0/12", event_loops = 4 }
            checks {
              enable_script_checks = true, enable_local_script_checks = false, output_max_size = 100, script_threads = 2
            }
            leaf_ttl = 1h
            log { level = DEBUG, json = true }
            telemetry { access_log = false, jvm = false }
            """;

    private static final SwimSettings TIMING = new SwimSettings(
            new SwimSettings.Probe(Duration.ofSeconds(2), Duration.ofMillis(700), 5, 7),
            new SwimSettings.Suspicion(7, 8),
            new SwimSettings.Spread(
                    Duration.ofMillis(300),
                    6,
                    9,
                    Duration.ofSeconds(25),
                    Duration.ofSeconds(40),
                    new SwimSettings.Budget(30_000, 400_000)),
            new SwimSettings.Keeping(Duration.ofHours(100), Duration.ofHours(50)));

    private static SettingsReader.Result read(String text, SettingFlag... flags) {
        return SettingsReader.read("culvert.conf", text, Arrays.asList(flags), "host-1", new Problems());
    }

    private static AgentSettings good(String text, SettingFlag... flags) {
        SettingsReader.Result result = read(text, flags);
        assertThat(result.problems()).isEmpty();
        return result.settings().orElseThrow();
    }

    static Stream<Arguments> records() {
        return Stream.of(
                record(
                        "node",
                        AgentSettings::node,
                        new NodeSettings(
                                false,
                                false,
                                Optional.empty(),
                                new NodeName("host-1"),
                                "dc1",
                                IpAddress.parse("0.0.0.0"),
                                Optional.empty(),
                                Optional.of(Path.of("/var/lib/culvert")),
                                List.of(),
                                Map.of()),
                        new NodeSettings(
                                false,
                                true,
                                Optional.of(new Secret("culvert-secret")),
                                new NodeName("db-1"),
                                "berlin",
                                IpAddress.parse("10.0.0.1"),
                                Optional.of(IpAddress.parse("10.0.0.2")),
                                Optional.of(Path.of("/srv/culvert")),
                                List.of(Path.of("/etc/a"), Path.of("/etc/b")),
                                Map.of("rack", "r7"))),
                record(
                        "ports",
                        AgentSettings::ports,
                        new PortSettings(OptionalInt.of(8500), OptionalInt.of(8600), 8301, 8443),
                        new PortSettings(OptionalInt.of(1), OptionalInt.of(2), 3, 4)),
                record(
                        "api",
                        AgentSettings::api,
                        new ApiSettings(
                                IpAddress.parse("127.0.0.1"),
                                Optional.of(Path.of("/var/lib/culvert/run/culvert.sock")),
                                "",
                                0660),
                        new ApiSettings(
                                IpAddress.parse("127.0.0.2"), Optional.of(Path.of("/run/c.sock")), "adm", 0600)),
                record(
                        "dns",
                        AgentSettings::dns,
                        new NameSettings("mesh", "consul", List.of(), ZERO, ZERO, Map.of(), ZERO, false, false),
                        new NameSettings(
                                "example",
                                "",
                                List.of(new TcpEndpoint("10.0.0.53", 53), new TcpEndpoint("fd00::1", 5353)),
                                Duration.ofSeconds(1),
                                Duration.ofSeconds(2),
                                Map.of("web", Duration.ofSeconds(3), "a*", Duration.ofSeconds(4)),
                                Duration.ofSeconds(5),
                                true,
                                true)),
                record(
                        "gossip",
                        AgentSettings::gossip,
                        new PoolSettings(
                                PoolSettings.Preset.LAN, SwimSettings.lan(), "", List.of(), Duration.ofSeconds(30)),
                        new PoolSettings(
                                PoolSettings.Preset.WAN,
                                TIMING,
                                "blue",
                                List.of(new TcpEndpoint("10.0.0.9", 8301), new TcpEndpoint("b.example.org", 1)),
                                Duration.ofSeconds(5))),
                record(
                        "proxy",
                        AgentSettings::proxy,
                        new StreamSettings(LoopbackPool.DEFAULT, 0),
                        new StreamSettings(LoopbackPool.parse("127.80.0.0/12"), 4)),
                record("checks", AgentSettings::checks, CheckSettings.DEFAULT, new CheckSettings(true, false, 100, 2)),
                record("leaf_ttl", AgentSettings::leafTtl, Duration.ofHours(72), Duration.ofHours(1)),
                record("log", AgentSettings::log, LogSettings.DEFAULT, new LogSettings(LogSettings.Level.DEBUG, true)),
                record(
                        "telemetry",
                        AgentSettings::telemetry,
                        new TelemetrySettings(true, true),
                        new TelemetrySettings(false, false)));
    }

    private static Arguments record(
            String name, Function<AgentSettings, Object> part, Object defaults, Object everything) {
        return Arguments.of(name, part, defaults, everything);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("records")
    void nothing_set_means_the_defaults(
            String name, Function<AgentSettings, Object> part, Object defaults, Object everything) {
        assertThat(part.apply(good(""))).isEqualTo(defaults).isNotEqualTo(everything);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("records")
    void everything_can_be_set(String name, Function<AgentSettings, Object> part, Object defaults, Object everything) {
        assertThat(part.apply(good(EVERYTHING))).isEqualTo(everything);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "ports.http|-1|-2|65535|65536",
                "ports.dns|-1|-2|65535|65536",
                "ports.gossip|0|-1|65535|65536",
                "ports.tls|0|-1|65535|65536",
                "proxy.event_loops|0|-1|64|65",
                "checks.output_max_size|1|0|1048576|1048577",
                "checks.script_threads|1|0|64|65",
                "leaf_ttl|1m|59s|8760h|8761h",
                "gossip.retry_interval|1s|999ms|1h|61m",
                "dns.mesh_ttl|0s||8760h|8761h",
                "dns.node_ttl|0s||8760h|8761h",
                "dns.negative_ttl|0s||8760h|8761h",
                "node_name|a||" + "x128" + "|x129",
                "datacenter|a|''|x63|x64",
                "dns.domain|a|''|x63|x64",
                "gossip.label|''||x255|x256",
                "api.socket_mode|000|00|0777|01000",
                "proxy.loopback_pool|127.128.0.0/9|127.128.0.0/8|127.64.0.0/24|127.64.0.0/25"
            })
    void each_bound_is_kept(String path, String least, String below, String most, String above) {
        assertThat(read(path + " = " + written(least)).settings())
                .as("%s = %s", path, least)
                .isPresent();
        assertThat(read(path + " = " + written(most)).settings())
                .as("%s = %s", path, most)
                .isPresent();
        assertThat(read(path + " = " + written(above)).problems())
                .as("%s = %s", path, above)
                .isNotEmpty();
        if (below != null) {
            assertThat(read(path + " = " + written(below)).problems())
                    .as("%s = %s", path, below)
                    .isNotEmpty();
        }
    }

    /** {@code x64}: 64 letters. */
    private static String written(String text) {
        if (text.matches("x[0-9]+")) {
            return "\"" + "x".repeat(Integer.parseInt(text.substring(1))) + "\"";
        }
        return text.matches("-?[1-9][0-9]*|0|-1") ? text : "\"" + text + "\"";
    }

    @Test
    void every_setting_is_set_to_something_else_in_the_test_above() {
        assertThat(SettingsSchema.ALL)
                .filteredOn(key -> !key.path().equals("dev"))
                .allSatisfy(key -> assertThat(EVERYTHING).contains(key.leaf()));
    }

    @Test
    void flags_win_over_the_file_and_are_named_when_they_are_wrong() {
        AgentSettings settings = good("node_name = a\nports.http = 1", SettingFlag.of("--node", "node_name", "b"));
        assertThat(settings.node().name()).isEqualTo(new NodeName("b"));
        assertThat(settings.ports().http()).hasValue(1);
        assertThat(read("", SettingFlag.of("--bind", "bind_addr", "eth0")).problems())
                .singleElement()
                .asString()
                .startsWith("--bind: 'bind_addr': address: 'eth0'");
        assertThat(good("", SettingFlag.of("--config-dir", "config_dirs", List.of("conf.d")))
                        .node()
                        .configDirs())
                .containsExactly(Path.of("conf.d"));
        assertThatThrownBy(() -> SettingFlag.of("--node", "node_name", 7))
                .hasMessageContaining("--node: found the number 7");
    }

    @Test
    void dev_listens_on_loopback_and_keeps_nothing() {
        NodeSettings node = good("dev = true").node();
        assertThat(node.bind()).isEqualTo(IpAddress.parse("127.0.0.1"));
        assertThat(node.dataDir()).isEmpty();
        assertThat(good("dev = true").api().socket()).isEmpty();
    }

    @Test
    void the_join_token_is_never_shown() {
        assertThat(good("join = \"culvert-secret\"").toString())
                .doesNotContain("culvert-secret")
                .contains("****");
        assertThat(read("join = [\"culvert-secret\"]").problems().toString()).doesNotContain("culvert-secret");
    }

    @Test
    void blocks_merge_and_text_may_hold_what_looks_like_settings() {
        AgentSettings settings = good("""
                # ports { http = 1 }
                ports { http = 1 } // ports.http = 3
                ports { dns = 2 }
                node_meta { a = "ports.http = 9", b = \"""
                  ports.http = 10
                  \""" }
                """);
        assertThat(settings.ports().http()).hasValue(1);
        assertThat(settings.ports().dns()).hasValue(2);
    }

    @Test
    void every_kind_of_include_is_refused_and_nothing_is_opened(@TempDir Path directory) throws IOException {
        Path other = Files.writeString(directory.resolve("other.conf"), "datacenter = stolen");
        for (String include : List.of(
                "include \"" + other + "\"",
                "include file(\"" + other + "\")",
                "include url(\"file://" + other + "\")",
                "include classpath(\"other.conf\")",
                "include required(file(\"" + other + "\"))")) {
            assertThat(read(include).problems())
                    .as(include)
                    .singleElement()
                    .asString()
                    .isEqualTo("culvert.conf:1: 'include' is not supported (expected: all settings in one file)");
        }
    }

    @Test
    void deep_nesting_is_refused_before_it_is_read() {
        assertThat(read("a = " + "[".repeat(200_000)).problems())
                .singleElement()
                .asString()
                .contains("brackets nest deeper than 32 levels");
    }

    @Test
    void damaged_settings_are_read_or_refused() {
        byte[] whole = EVERYTHING.getBytes(StandardCharsets.UTF_8);
        Property.forSeeds(2_000, random -> {
            byte[] damaged = whole.clone();
            for (int i = 1 + random.nextInt(4); i > 0; i--) {
                damaged[random.nextInt(damaged.length)] =
                        (byte) (random.nextBoolean() ? random.nextInt(128) : "{}[]\"=:,$#+".charAt(random.nextInt(11)));
            }
            String text = new String(damaged, 0, 1 + random.nextInt(damaged.length), StandardCharsets.UTF_8);
            SettingsReader.Result result = read(text);
            assertThat(result.settings().isPresent() || !result.problems().isEmpty())
                    .isTrue();
        });
    }

    @Test
    void a_file_that_is_not_there_is_an_error(@TempDir Path directory) {
        Path missing = directory.resolve("culvert.conf");
        assertThat(SettingsReader.read(Optional.of(missing), List.of(), "h").problems())
                .singleElement()
                .hasToString(missing + ": does not exist");
    }

    @Test
    void a_name_of_the_host_that_dns_cannot_find_draws_a_warning() {
        SettingsReader.Result result = SettingsReader.read("c", "", List.of(), "my_host", new Problems());
        assertThat(result.settings()).isPresent();
        assertThat(result.problems())
                .singleElement()
                .asString()
                .contains("warning: 'node_name': 'my_host' cannot be found by DNS");
    }
}
