package io.culvert.agent.local.json;

import io.culvert.catalog.CheckStatus;
import io.culvert.health.CheckDefinition;
import io.culvert.health.CheckKind;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads a check in Consul's form; the rules and words are those of a Consul agent where it has them. */
final class CheckReader {
    private static final Duration SHORTEST_INTERVAL = Duration.ofSeconds(1);
    private static final Duration SHORTEST_DEREGISTER = Duration.ofMinutes(1);

    /** Consul has no bound; ten years is longer than any agent runs and far from overflow. */
    private static final Duration LONGEST = Duration.ofDays(3_650);

    private static final int MOST_THRESHOLD = 1_000_000;

    private CheckReader() {}

    /**
     * Reads and empties {@code json}.
     *
     * @param serviceId the service it stands in; empty: {@code ServiceID} decides
     * @param ownId id when none is given
     * @param ownName name when none is given
     */
    static CheckDefinition read(JsonObject json, String serviceId, String ownId, String ownName) throws InputRefused {
        try {
            CheckDefinition check = definition(json, serviceId, ownId, ownName);
            json.ignore("Token", "Namespace", "Partition", "Shell", "Type", "EnterpriseMeta");
            json.finish();
            return check;
        } catch (IllegalArgumentException e) {
            throw InputRefused.invalid("Invalid check: " + e.getMessage());
        }
    }

    private static CheckDefinition definition(JsonObject json, String serviceId, String ownId, String ownName)
            throws InputRefused {
        String named = json.text("Name");
        String id = firstOf(json.text("CheckID"), json.text("ID"), ownId, named);
        if (id.isEmpty()) {
            throw InputRefused.invalid("Missing check name");
        }
        String service = firstOf(serviceId, json.text("ServiceID"));
        CheckStatus initial = status(json.text("Status"));
        Duration interval = bounded("Interval", json.duration("Interval"));
        Duration timeout = bounded("Timeout", json.duration("Timeout"));
        Duration ttl = bounded("TTL", json.duration("TTL"));
        CheckKind kind = kind(json, interval, ttl);
        return new CheckDefinition(
                id,
                firstOf(named, ownName, id),
                json.text("Notes"),
                service,
                initial,
                kind,
                isTimed(kind) ? atLeast(interval, SHORTEST_INTERVAL) : Duration.ZERO,
                isTimed(kind) ? timeout(timeout, kind) : Duration.ZERO,
                json.number("SuccessBeforePassing", 0, 0, MOST_THRESHOLD),
                json.number("FailuresBeforeCritical", 0, 0, MOST_THRESHOLD),
                deregisterAfter(json),
                json.number(
                        "OutputMaxSize",
                        CheckDefinition.DEFAULT_OUTPUT_MAX_SIZE,
                        1,
                        CheckDefinition.DEFAULT_OUTPUT_MAX_SIZE));
    }

    private static CheckStatus status(String word) throws InputRefused {
        return word.isEmpty()
                ? CheckStatus.CRITICAL
                : CheckStatus.ofWord(word)
                        .orElseThrow(() -> InputRefused.invalid(
                                "Status for checks must 'passing', 'warning', 'critical' (not '" + word + "')"));
    }

    /** When several kinds are given, Consul's order decides; here that is an error instead, as one would be lost. */
    private static CheckKind kind(JsonObject json, Duration interval, Duration ttl) throws InputRefused {
        List<CheckKind> kinds = new ArrayList<>();
        CheckKind.TlsOptions tls = new CheckKind.TlsOptions(
                nonEmpty(json.text("TLSServerName")), json.flag("TLSSkipVerify"), nonEmpty(json.text("TLSCAFile")));
        addGrpc(json, tls, kinds);
        addHttp(json, tls, kinds);
        addOthers(json, kinds);
        addScript(json, kinds);
        if (!ttl.isZero()) {
            if (!interval.isZero()) {
                throw InputRefused.invalid("Invalid check: Interval and TTL cannot both be specified");
            }
            kinds.add(new CheckKind.Ttl(ttl));
        }
        return only(kinds, interval);
    }

    private static CheckKind only(List<CheckKind> kinds, Duration interval) throws InputRefused {
        if (kinds.isEmpty()) {
            throw InputRefused.invalid("Invalid check: TTL must be > 0 for TTL checks "
                    + "(expected one of: HTTP, TCP, UNIX, GRPC, Args, TTL, AliasService, AliasNode)");
        }
        if (kinds.size() > 1) {
            throw InputRefused.invalid("Invalid check: " + kinds.get(0).type() + " and "
                    + kinds.get(1).type() + " in one check (expected: one kind per check; make two checks of it)");
        }
        CheckKind kind = kinds.get(0);
        if (isTimed(kind) && interval.isZero()) {
            throw InputRefused.invalid("Invalid check: Interval must be > 0 for Script, HTTP, H2PING, or TCP checks");
        }
        return kind;
    }

    private static void addGrpc(JsonObject json, CheckKind.TlsOptions tls, List<CheckKind> kinds) throws InputRefused {
        String text = json.text("GRPC");
        boolean useTls = json.flag("GRPCUseTLS");
        if (!text.isEmpty()) {
            int slash = text.indexOf('/');
            HostPort target = HostPort.parse("GRPC", slash < 0 ? text : text.substring(0, slash));
            kinds.add(new CheckKind.Grpc(
                    target.host(),
                    target.port(),
                    slash < 0 ? "" : text.substring(slash + 1),
                    useTls ? Optional.of(tls) : Optional.empty()));
        }
    }

    private static void addHttp(JsonObject json, CheckKind.TlsOptions tls, List<CheckKind> kinds) throws InputRefused {
        String url = json.text("HTTP");
        String method = firstOf(json.text("Method"), "GET");
        Map<String, List<String>> headers = json.textLists("Header");
        String body = json.text("Body");
        String socketPath = json.text("SocketPath");
        if (!url.isEmpty()) {
            HttpUrl.check(url);
            kinds.add(new CheckKind.Http(url, method, headers, body, tls, socketPath));
        }
    }

    private static void addOthers(JsonObject json, List<CheckKind> kinds) throws InputRefused {
        String tcp = json.text("TCP");
        if (!tcp.isEmpty()) {
            HostPort target = HostPort.parse("TCP", tcp);
            kinds.add(new CheckKind.Tcp(target.host(), target.port()));
        }
        String unix = json.text("UNIX");
        if (!unix.isEmpty()) {
            kinds.add(new CheckKind.Unix(unix));
        }
        String node = json.text("AliasNode");
        String service = json.text("AliasService");
        if (!node.isEmpty() || !service.isEmpty()) {
            kinds.add(new CheckKind.Alias(node, service));
        }
        if (json.has("H2PING") || json.has("DockerContainerID")) {
            throw InputRefused.invalid("Invalid check: h2ping and docker checks are not offered here "
                    + "(expected one of: HTTP, TCP, UNIX, GRPC, Args, TTL, AliasService, AliasNode)");
        }
        json.ignore("H2PING", "DockerContainerID");
    }

    private static void addScript(JsonObject json, List<CheckKind> kinds) throws InputRefused {
        List<String> args = new ArrayList<>(json.texts("Args"));
        args.addAll(json.texts("ScriptArgs"));
        Map<String, String> environment = json.textMap("Environment");
        String directory = json.text("WorkingDirectory");
        String user = json.text("User");
        if (!args.isEmpty()) {
            kinds.add(new CheckKind.Script(args, environment, directory, user));
        }
    }

    private static boolean isTimed(CheckKind kind) {
        return !(kind instanceof CheckKind.Ttl) && !(kind instanceof CheckKind.Alias);
    }

    private static Duration timeout(Duration given, CheckKind kind) {
        if (!given.isZero()) {
            return given;
        }
        return kind instanceof CheckKind.Script
                ? CheckDefinition.DEFAULT_SCRIPT_TIMEOUT
                : CheckDefinition.DEFAULT_TIMEOUT;
    }

    private static Optional<Duration> deregisterAfter(JsonObject json) throws InputRefused {
        Duration after = bounded("DeregisterCriticalServiceAfter", json.duration("DeregisterCriticalServiceAfter"));
        return after.isZero() ? Optional.empty() : Optional.of(atLeast(after, SHORTEST_DEREGISTER));
    }

    private static Duration bounded(String field, Duration duration) throws InputRefused {
        if (duration.compareTo(LONGEST) > 0) {
            throw InputRefused.invalid(
                    "Invalid check: " + field + " " + GoDuration.format(duration) + " (expected: at most 3650 days)");
        }
        return duration;
    }

    private static Duration atLeast(Duration given, Duration least) {
        return given.compareTo(least) < 0 ? least : given;
    }

    static Optional<String> nonEmpty(String text) {
        return text.isEmpty() ? Optional.empty() : Optional.of(text);
    }

    static String firstOf(String... candidates) {
        for (String candidate : candidates) {
            if (!candidate.isEmpty()) {
                return candidate;
            }
        }
        return "";
    }
}
