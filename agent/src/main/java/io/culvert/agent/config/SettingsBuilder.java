package io.culvert.agent.config;

import io.culvert.agent.config.syntax.Printable;
import io.culvert.agent.log.LogSettings;
import io.culvert.catalog.IpAddress;
import io.culvert.catalog.LoopbackPool;
import io.culvert.catalog.NodeName;
import io.culvert.catalog.TcpEndpoint;
import io.culvert.catalog.UnixEndpoint;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeMap;
import java.util.regex.Pattern;

/** Makes typed settings of values; what is wrong is a problem and becomes its default. */
final class SettingsBuilder {
    private static final Pattern DATACENTER = Pattern.compile("[a-z0-9_-]{1,63}");
    private static final Pattern DOMAIN = Pattern.compile(
            "([A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?)(\\.[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?)*\\.?");
    private static final Pattern GROUP = Pattern.compile("[0-9]{1,10}|[A-Za-z_][A-Za-z0-9_.-]{0,30}\\$?");
    private static final Pattern MODE = Pattern.compile("0?[0-7]{3}");
    private static final int LONGEST_LABEL = 255;

    private final SettingValues values;
    private final String hostName;
    private final boolean dev;

    SettingsBuilder(SettingValues values, String hostName) {
        this.values = values;
        this.hostName = hostName;
        this.dev = values.flag("dev");
    }

    /** Empty when there is not even a usable name. */
    Optional<AgentSettings> build() {
        Optional<NodeName> name = name();
        NodeName used = name.orElseGet(() -> new NodeName("unnamed"));
        AgentSettings settings = new AgentSettings(
                node(used), ports(), api(), names(), pool(), streams(), checks(), leafTtl(), log(), telemetry());
        return name.map(known -> settings);
    }

    private Optional<NodeName> name() {
        String text = values.text("node_name").isEmpty() ? hostName : values.text("node_name");
        try {
            NodeName name = new NodeName(text);
            if (!name.isDnsLabel()) {
                values.warn(
                        "node_name",
                        "'" + text
                                + "' cannot be found by DNS (expected there: letters, digits and dashes, at most 63)");
            }
            return Optional.of(name);
        } catch (IllegalArgumentException refused) {
            values.refuse("node_name", Printable.message(refused.getMessage()));
            return Optional.empty();
        }
    }

    private NodeSettings node(NodeName name) {
        String datacenter = values.text("datacenter").toLowerCase(Locale.ROOT);
        if (!DATACENTER.matcher(datacenter).matches()) {
            values.refuse(
                    "datacenter",
                    "found '" + datacenter + "', expected 1 to 63 letters, digits, dashes and underscores");
        }
        IpAddress bind = dev && !values.given("bind_addr")
                ? IpAddress.parse("127.0.0.1")
                : values.parsed("bind_addr", IpAddress::parse).orElse(IpAddress.parse("0.0.0.0"));
        Map<String, String> meta = values.map("node_meta");
        if (meta.size() > 64 || meta.values().stream().anyMatch(value -> value.length() > 512)) {
            values.refuse("node_meta", "expected at most 64 pairs with values of at most 512 characters");
        }
        return new NodeSettings(
                dev,
                values.flag("server"),
                values.parsed("join", Secret::new),
                name,
                datacenter,
                bind,
                values.parsed("advertise_addr", IpAddress::parse),
                dev ? Optional.empty() : values.parsed("data_dir", text -> absolute("data_dir", text)),
                values.texts("config_dirs").stream().map(Path::of).toList(),
                meta);
    }

    private Path absolute(String path, String text) {
        Path absolute = Path.of(text);
        if (!absolute.isAbsolute()) {
            // A daemon's working directory is nobody's choice, and a flag is typed in a shell's.
            if (values.at(path).line() > 0) {
                values.refuse(path, "found '" + text + "', expected an absolute path");
            }
            return absolute.toAbsolutePath();
        }
        return absolute;
    }

    private PortSettings ports() {
        return new PortSettings(
                optionalPort("ports.http"),
                optionalPort("ports.dns"),
                values.integer("ports.gossip"),
                values.integer("ports.tls"));
    }

    private OptionalInt optionalPort(String path) {
        int port = values.integer(path);
        return port < 0 ? OptionalInt.empty() : OptionalInt.of(port);
    }

    private ApiSettings api() {
        String mode = values.text("api.socket_mode");
        if (!MODE.matcher(mode).matches()) {
            values.refuse(
                    "api.socket_mode", "found '" + mode + "', expected permission bits in octal such as \"0660\"");
            mode = "0660";
        }
        String group = values.text("api.socket_group");
        if (values.given("api.socket_group") && !GROUP.matcher(group).matches()) {
            values.refuse(
                    "api.socket_group", "found '" + group + "', expected a name or a number of the system's groups");
        }
        return new ApiSettings(
                values.parsed("api.bind", IpAddress::parse).orElse(IpAddress.parse("127.0.0.1")),
                apiSocket(),
                group,
                Integer.parseInt(mode, 8));
    }

    /** Beside the other data unless set; {@code off}: none. */
    private Optional<Path> apiSocket() {
        if (!values.given("api.socket")) {
            return dev || values.text("data_dir").isEmpty()
                    ? Optional.empty()
                    : Optional.of(
                            Path.of(values.text("data_dir")).toAbsolutePath().resolve("run/culvert.sock"));
        }
        return values.text("api.socket").equals("off")
                ? Optional.empty()
                : values.parsed("api.socket", text -> Path.of(new UnixEndpoint(text).path()));
    }

    private NameSettings names() {
        Duration most = Duration.ofDays(365);
        return new NameSettings(
                domain("dns.domain"),
                values.text("dns.alt_domain").isEmpty() ? "" : domain("dns.alt_domain"),
                endpoints("dns.recursors", 53, true),
                values.duration("dns.mesh_ttl", Duration.ZERO, most),
                values.duration("dns.node_ttl", Duration.ZERO, most),
                serviceTtl(),
                values.duration("dns.negative_ttl", Duration.ZERO, most),
                values.flag("dns.only_passing"),
                values.flag("dns.port53"));
    }

    private String domain(String path) {
        String domain = values.text(path);
        if (!DOMAIN.matcher(domain).matches() || domain.length() > 200) {
            values.refuse(path, "found '" + domain + "', expected a domain name such as mesh");
        }
        String folded = domain.toLowerCase(Locale.ROOT);
        return folded.endsWith(".") ? folded.substring(0, folded.length() - 1) : folded;
    }

    private Map<String, Duration> serviceTtl() {
        Map<String, Duration> ttls = new TreeMap<>();
        values.map("dns.service_ttl")
                .forEach((service, text) -> Durations.parse(text).ifPresent(ttl -> ttls.put(service, ttl)));
        return ttls;
    }

    private List<TcpEndpoint> endpoints(String path, int defaultPort, boolean addressesOnly) {
        List<TcpEndpoint> endpoints = new ArrayList<>();
        for (String text : values.texts(path)) {
            boolean bare = IpAddress.tryParse(text).isPresent() || (text.indexOf(':') < 0 && Rules.isHost(text));
            Optional<HostPort> target = bare ? Optional.of(new HostPort(text, defaultPort)) : HostPort.parse(text);
            if (target.isEmpty()
                    || (addressesOnly && IpAddress.tryParse(target.get().host()).isEmpty())) {
                values.refuse(
                        path,
                        "found '" + text + "', expected " + (addressesOnly ? "an IP address" : "a host")
                                + ", with a port if it is not " + defaultPort);
            } else {
                endpoints.add(new TcpEndpoint(target.get().host(), target.get().port()));
            }
        }
        return endpoints;
    }

    private PoolSettings pool() {
        String label = values.text("gossip.label");
        if (label.getBytes(StandardCharsets.UTF_8).length > LONGEST_LABEL) {
            values.refuse("gossip.label", "expected at most " + LONGEST_LABEL + " bytes");
        }
        PoolSettings.Preset preset = word("gossip.preset", PoolSettings.Preset.values(), PoolSettings.Preset.LAN);
        return new PoolSettings(
                preset,
                new TimingBuilder(values, preset.timing()).build(),
                label,
                endpoints("gossip.retry_join", 8_301, false),
                values.duration("gossip.retry_interval", Duration.ofSeconds(1), Duration.ofHours(1)));
    }

    private <T extends Enum<T>> T word(String path, T[] words, T otherwise) {
        String text = values.text(path);
        List<String> known = new ArrayList<>();
        for (T word : words) {
            known.add(word.name().toLowerCase(Locale.ROOT));
            if (word.name().equalsIgnoreCase(text)) {
                return word;
            }
        }
        values.refuse(
                path,
                "found '" + text + "', expected one of " + String.join(", ", known)
                        + Suggestions.didYouMean(text, known));
        return otherwise;
    }

    private StreamSettings streams() {
        return new StreamSettings(
                values.parsed("proxy.loopback_pool", LoopbackPool::parse).orElse(LoopbackPool.DEFAULT),
                values.integer("proxy.event_loops"));
    }

    private CheckSettings checks() {
        return new CheckSettings(
                values.flag("checks.enable_script_checks"),
                values.flag("checks.enable_local_script_checks"),
                values.integer("checks.output_max_size"),
                values.integer("checks.script_threads"));
    }

    private Duration leafTtl() {
        // A leaf is renewed after half its life at the latest; shorter than this, a server's restart would be an
        // outage.
        return values.duration("leaf_ttl", Duration.ofMinutes(1), Duration.ofDays(365));
    }

    private LogSettings log() {
        return new LogSettings(
                word("log.level", LogSettings.Level.values(), LogSettings.Level.INFO), values.flag("log.json"));
    }

    private TelemetrySettings telemetry() {
        return new TelemetrySettings(values.flag("telemetry.access_log"), values.flag("telemetry.jvm"));
    }
}
