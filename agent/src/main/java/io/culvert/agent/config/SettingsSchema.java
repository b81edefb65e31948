package io.culvert.agent.config;

import static io.culvert.agent.config.SettingType.DURATION;
import static io.culvert.agent.config.SettingType.DURATION_MAP;
import static io.culvert.agent.config.SettingType.FLAG;
import static io.culvert.agent.config.SettingType.TEXT;
import static io.culvert.agent.config.SettingType.TEXTS;
import static io.culvert.agent.config.SettingType.TEXT_MAP;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Every setting of {@code culvert.conf}; docs/configuration.md lists the same with their meaning. */
public final class SettingsSchema {
    private static final int MOST_PORT = 65_535;
    private static final int MOST_BUDGET = 100_000_000;

    public static final List<SettingKey> ALL = List.of(
            SettingKey.of("dev", FLAG, "false"),
            SettingKey.of("server", FLAG, "false"),
            SettingKey.of("join", TEXT, ""),
            SettingKey.of("node_name", TEXT, ""),
            SettingKey.of("node_meta", TEXT_MAP, ""),
            SettingKey.of("datacenter", TEXT, "dc1"),
            SettingKey.of("bind_addr", TEXT, "0.0.0.0"),
            SettingKey.of("advertise_addr", TEXT, ""),
            SettingKey.of("data_dir", TEXT, "/var/lib/culvert"),
            SettingKey.of("config_dirs", TEXTS, ""),
            SettingKey.number("ports.http", 8_500, -1, MOST_PORT),
            SettingKey.number("ports.dns", 8_600, -1, MOST_PORT),
            SettingKey.number("ports.gossip", 8_301, 0, MOST_PORT),
            SettingKey.number("ports.tls", 8_443, 0, MOST_PORT),
            SettingKey.of("api.bind", TEXT, "127.0.0.1"),
            SettingKey.of("api.socket", TEXT, ""),
            SettingKey.of("api.socket_group", TEXT, ""),
            SettingKey.of("api.socket_mode", TEXT, "0660"),
            SettingKey.of("dns.domain", TEXT, "mesh"),
            SettingKey.of("dns.alt_domain", TEXT, "consul"),
            SettingKey.of("dns.recursors", TEXTS, ""),
            SettingKey.of("dns.mesh_ttl", DURATION, "0s"),
            SettingKey.of("dns.node_ttl", DURATION, "0s"),
            SettingKey.of("dns.service_ttl", DURATION_MAP, ""),
            SettingKey.of("dns.negative_ttl", DURATION, "0s"),
            SettingKey.of("dns.only_passing", FLAG, "false"),
            SettingKey.of("dns.port53", FLAG, "false"),
            SettingKey.of("gossip.preset", TEXT, "lan"),
            SettingKey.of("gossip.label", TEXT, ""),
            SettingKey.of("gossip.retry_join", TEXTS, ""),
            SettingKey.of("gossip.retry_interval", DURATION, "30s"),
            SettingKey.of("gossip.probe_interval", DURATION, ""),
            SettingKey.of("gossip.probe_timeout", DURATION, ""),
            SettingKey.number("gossip.indirect_checks", 0, 16),
            SettingKey.number("gossip.suspicion_mult", 1, 32),
            SettingKey.number("gossip.suspicion_max_timeout_mult", 1, 32),
            SettingKey.of("gossip.gossip_interval", DURATION, ""),
            SettingKey.number("gossip.gossip_nodes", 1, 32),
            SettingKey.number("gossip.retransmit_mult", 1, 32),
            SettingKey.of("gossip.gossip_to_the_dead_time", DURATION, ""),
            SettingKey.of("gossip.anti_entropy_interval", DURATION, ""),
            SettingKey.number("gossip.budget", 2_000, MOST_BUDGET),
            SettingKey.number("gossip.budget_burst", 2_000, MOST_BUDGET),
            SettingKey.of("gossip.forget_after", DURATION, ""),
            SettingKey.of("proxy.loopback_pool", TEXT, "127.64.0.0/10"),
            SettingKey.number("proxy.event_loops", 0, 0, 64),
            SettingKey.of("checks.enable_script_checks", FLAG, "false"),
            SettingKey.of("checks.enable_local_script_checks", FLAG, "true"),
            SettingKey.number("checks.output_max_size", 4_096, 1, 1 << 20),
            SettingKey.number("checks.script_threads", 8, 1, 64),
            SettingKey.of("leaf_ttl", DURATION, "72h"),
            SettingKey.of("log.level", TEXT, "info"),
            SettingKey.of("log.json", FLAG, "false"),
            SettingKey.of("telemetry.access_log", FLAG, "true"),
            SettingKey.of("telemetry.jvm", FLAG, "true"));

    private static final Map<String, SettingKey> BY_PATH =
            ALL.stream().collect(Collectors.toMap(SettingKey::path, Function.identity()));

    /** Words of Consul's agents that are something else here. */
    private static final Map<String, String> ELSEWHERE = Map.ofEntries(
            Map.entry("client_addr", "it is 'api.bind' here"),
            Map.entry("addresses", "it is 'api.bind' here"),
            Map.entry("encrypt", "the join token brings the gossip key"),
            Map.entry("ca_file", "the join token brings the trust anchor"),
            Map.entry("cert_file", "certificates are issued by the mesh itself"),
            Map.entry("key_file", "certificates are issued by the mesh itself"),
            Map.entry("bootstrap_expect", "the first server needs nothing but 'server = true'"),
            Map.entry("acl", "there are no ACL tokens here"),
            Map.entry("service", "services belong in a file of a config directory"),
            Map.entry("services", "services belong in a file of a config directory"),
            Map.entry("check", "checks belong in a file of a config directory"),
            Map.entry("intention", "intentions belong in a file of a config directory"),
            Map.entry("config_dir", "it is 'config_dirs', a list, here"),
            Map.entry("log_level", "it is 'log.level' here"),
            Map.entry("dns_config", "it is 'dns' here"),
            Map.entry("gossip_lan", "it is 'gossip' here, with the same names"),
            Map.entry("gossip_wan", "there is one pool: it is 'gossip' here, with 'preset = wan' for slow networks"),
            Map.entry("start_join", "it is 'gossip.retry_join' here"),
            Map.entry("retry_join_wan", "there is one pool: it is 'gossip.retry_join' here"),
            Map.entry("retry_max", "the pool is asked for until somebody answers"),
            Map.entry("rejoin_after_leave", "an agent that starts always looks for those it knew"),
            Map.entry("reconnect_timeout", "it is 'gossip.forget_after' here"),
            Map.entry("gossip.push_pull_interval", "it is 'gossip.anti_entropy_interval' here"),
            Map.entry("gossip.reconnect_timeout", "it is 'gossip.forget_after' here"));

    private SettingsSchema() {}

    static Optional<SettingKey> find(String path) {
        return Optional.ofNullable(BY_PATH.get(path));
    }

    static boolean isSection(String path) {
        return ALL.stream().anyMatch(key -> key.path().startsWith(path + "."));
    }

    /** A remark in brackets with a blank before it, or nothing. */
    static String hint(String path) {
        String elsewhere = ELSEWHERE.get(path);
        if (elsewhere != null) {
            return " (" + elsewhere + ")";
        }
        String leaf = path.substring(path.lastIndexOf('.') + 1);
        List<String> sameLeaf = ALL.stream()
                .filter(key -> key.leaf().equals(leaf))
                .map(SettingKey::path)
                .toList();
        return sameLeaf.size() == 1
                ? " (did you mean '" + sameLeaf.get(0) + "'?)"
                : Suggestions.didYouMean(path, BY_PATH.keySet());
    }
}
