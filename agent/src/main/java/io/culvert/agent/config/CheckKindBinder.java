package io.culvert.agent.config;

import io.culvert.agent.config.syntax.Printable;
import io.culvert.health.CheckKind;
import io.culvert.health.CheckKind.TlsOptions;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/** Finds out what a check does. Consul takes the first of several kinds and says nothing; here a check has exactly one. */
final class CheckKindBinder {
    private static final List<String> KINDS =
            List.of("args", "http", "tcp", "unix", "grpc", "ttl", "alias_service", "alias_node");
    private static final List<String> REFUSED_KINDS = List.of("script", "docker_container_id", "h2ping");
    private static final Pattern METHOD = Pattern.compile("[A-Za-z]{1,20}");
    private static final Pattern HEADER = Pattern.compile("[A-Za-z0-9!#$%&'*+.^_`|~-]{1,100}");
    private static final int LONGEST_TEXT = 65_536;

    /** Keys that mean something for some kinds only. */
    private static final Map<String, List<String>> KINDS_OF_KEY = Map.ofEntries(
            Map.entry("environment", List.of("args")),
            Map.entry("working_directory", List.of("args")),
            Map.entry("user", List.of("args")),
            Map.entry("method", List.of("http")),
            Map.entry("header", List.of("http")),
            Map.entry("body", List.of("http")),
            Map.entry("socket_path", List.of("http")),
            Map.entry("grpc_use_tls", List.of("grpc")),
            Map.entry("tls_skip_verify", List.of("http", "grpc")),
            Map.entry("tls_server_name", List.of("http", "grpc")),
            Map.entry("tls_ca_file", List.of("http", "grpc")),
            Map.entry("timeout", List.of("args", "http", "tcp", "unix", "grpc")),
            Map.entry("success_before_passing", List.of("args", "http", "tcp", "unix", "grpc")),
            Map.entry("failures_before_critical", List.of("args", "http", "tcp", "unix", "grpc")));

    private final Binding binding;
    private final Fields fields;

    CheckKindBinder(Binding binding, Fields fields) {
        this.binding = binding;
        this.fields = fields;
    }

    /** Empty after a problem that leaves nothing to run. */
    Optional<CheckKind> bind(String checkId, String serviceId) {
        List<String> kinds =
                new ArrayList<>(KINDS.stream().filter(fields::given).toList());
        if (kinds.contains("alias_service")) {
            kinds.remove("alias_node");
        }
        if (kinds.size() != 1) {
            refuseCount(kinds);
            return Optional.empty();
        }
        String kind = kinds.get(0);
        warnOfKeysForOtherKinds(kind);
        return switch (kind) {
            case "args" -> script();
            case "http" -> http();
            case "tcp" -> tcp();
            case "unix" -> unix();
            case "grpc" -> grpc();
            case "ttl" -> ttl();
            default -> alias(checkId, serviceId);
        };
    }

    private void refuseCount(List<String> kinds) {
        if (!kinds.isEmpty()) {
            binding.problems()
                    .error(
                            fields.position(),
                            fields.where() + " has several kinds: " + String.join(", ", kinds)
                                    + " (expected: one; make them separate checks)");
        } else if (fields.given("socket_path")) {
            fields.error("socket_path", "goes with http (expected: unix = \"…\" for a check that only connects)");
        } else if (REFUSED_KINDS.stream().noneMatch(fields::given)) {
            binding.problems()
                    .error(
                            fields.position(),
                            fields.where()
                                    + " does not say what to check (expected: one of args, http, tcp, unix, grpc, ttl,"
                                    + " alias_service, alias_node)");
        }
    }

    private void warnOfKeysForOtherKinds(String kind) {
        String called = kind.startsWith("alias") ? "alias" : kind.equals("args") ? "script" : kind;
        KINDS_OF_KEY.forEach((key, kinds) -> {
            if (fields.given(key) && !kinds.contains(kind)) {
                fields.ignored(key, "it means nothing for a " + called + " check");
            }
        });
        if (fields.given("interval") && called.equals("alias")) {
            fields.ignored("interval", "an alias follows its target at once");
        }
        if (fields.given("interval") && called.equals("ttl")) {
            fields.error(
                    "interval", "a ttl check has no interval (expected: ttl alone, or interval with another kind)");
        }
    }

    private Optional<CheckKind> script() {
        if (!binding.rules().scriptsRefusal().isEmpty()) {
            fields.error("args", binding.rules().scriptsRefusal());
        }
        if (!fields.has("args")) {
            return Optional.empty();
        }
        List<String> args = fields.texts("args");
        if (args.isEmpty() || args.get(0).isEmpty()) {
            fields.error("args", "no program is named, expected such as [\"/usr/bin/mysqladmin\", \"ping\"]");
            return Optional.empty();
        }
        return Optional.of(new CheckKind.Script(
                args, environment(), Rules.absolutePath(fields, "working_directory"), Rules.account(fields, "user")));
    }

    private Map<String, String> environment() {
        Map<String, String> environment = fields.textMap("environment");
        for (String name : environment.keySet()) {
            if (!name.matches("[A-Za-z_][A-Za-z0-9_]*")) {
                fields.error(
                        "environment",
                        "found the name '" + Printable.of(name) + "', expected letters, digits and underscores");
            }
        }
        return environment;
    }

    private Optional<CheckKind> http() {
        String url = fields.text("http");
        if (!fields.has("http")) {
            return Optional.empty();
        }
        checkUrl(url);
        String method = fields.text("method").isEmpty() ? "GET" : fields.text("method");
        if (!METHOD.matcher(method).matches()) {
            fields.error("method", "found '" + Printable.of(method) + "', expected an HTTP method such as GET");
        }
        if (fields.text("body").length() > LONGEST_TEXT) {
            fields.error(
                    "body", "found " + fields.text("body").length() + " characters, expected at most " + LONGEST_TEXT);
        }
        String socketPath = Rules.socketPath(fields, "socket_path");
        return Optional.of(new CheckKind.Http(url, method, header(), fields.text("body"), tls(), socketPath));
    }

    private void checkUrl(String url) {
        String problem = "found '" + Printable.of(url) + "', expected a URL such as http://127.0.0.1:8080/health";
        try {
            URI uri = new URI(url);
            String authority = uri.getRawAuthority() == null ? "" : uri.getRawAuthority();
            boolean known = "http".equalsIgnoreCase(uri.getScheme()) || "https".equalsIgnoreCase(uri.getScheme());
            if (authority.indexOf('@') >= 0) {
                fields.error(
                        "http", "a user in the URL is not supported (expected: header { Authorization = [\"…\"] })");
            } else if (!known || !isAuthority(authority)) {
                fields.error("http", problem);
            }
        } catch (URISyntaxException refused) {
            fields.error("http", problem);
        }
    }

    private static boolean isAuthority(String authority) {
        return HostPort.parse(authority).isPresent()
                || (Rules.isHost(authority) && authority.indexOf(':') < 0)
                || (authority.startsWith("[")
                        && HostPort.parse(authority + ":1").isPresent());
    }

    private Map<String, List<String>> header() {
        Map<String, List<String>> header = fields.textsMap("header");
        header.forEach((name, values) -> {
            if (!HEADER.matcher(name).matches()) {
                fields.error(
                        "header", "found the name '" + Printable.of(name) + "', expected an HTTP header such as Host");
            }
            if (values.stream().anyMatch(value -> value.chars().anyMatch(c -> (c < ' ' && c != '\t') || c == 0x7f))) {
                fields.error(
                        "header", "a value of '" + Printable.of(name) + "' holds a control character, expected none");
            }
        });
        return header;
    }

    private TlsOptions tls() {
        String serverName = fields.text("tls_server_name");
        if (!serverName.isEmpty() && !Rules.isHost(serverName)) {
            fields.error("tls_server_name", "found '" + Printable.of(serverName) + "', expected a host name");
        }
        String caFile = Rules.absolutePath(fields, "tls_ca_file");
        return new TlsOptions(
                serverName.isEmpty() ? Optional.empty() : Optional.of(serverName),
                fields.flag("tls_skip_verify"),
                caFile.isEmpty() ? Optional.empty() : Optional.of(caFile));
    }

    private Optional<CheckKind> tcp() {
        if (!fields.has("tcp")) {
            return Optional.empty();
        }
        Optional<HostPort> target = HostPort.parse(fields.text("tcp"));
        if (target.isEmpty()) {
            fields.error(
                    "tcp",
                    "found '" + Printable.of(fields.text("tcp")) + "', expected host:port such as 127.0.0.1:3306");
        }
        return target.map(to -> new CheckKind.Tcp(to.host(), to.port()));
    }

    private Optional<CheckKind> unix() {
        String path = Rules.socketPath(fields, "unix");
        return path.isEmpty() ? Optional.empty() : Optional.of(new CheckKind.Unix(path));
    }

    private Optional<CheckKind> grpc() {
        if (!fields.has("grpc")) {
            return Optional.empty();
        }
        String[] parts = fields.text("grpc").split("/", 2);
        Optional<HostPort> target = HostPort.parse(parts[0]);
        if (target.isEmpty()) {
            fields.error(
                    "grpc",
                    "found '" + Printable.of(fields.text("grpc"))
                            + "', expected host:port or host:port/service such as 127.0.0.1:9090");
        }
        Optional<TlsOptions> tls = fields.flag("grpc_use_tls") ? Optional.of(tls()) : Optional.empty();
        return target.map(to -> new CheckKind.Grpc(to.host(), to.port(), parts.length == 2 ? parts[1] : "", tls));
    }

    private Optional<CheckKind> ttl() {
        if (!fields.has("ttl")) {
            return Optional.empty();
        }
        if (fields.duration("ttl").filter(ttl -> !ttl.isZero()).isEmpty()) {
            fields.error("ttl", "found '" + Printable.of(fields.text("ttl")) + "', expected more than 0s");
            return Optional.empty();
        }
        return fields.duration("ttl").map(CheckKind.Ttl::new);
    }

    private Optional<CheckKind> alias(String checkId, String serviceId) {
        String node = fields.text("alias_node");
        String target = fields.text("alias_service");
        if (node.isEmpty() && target.isEmpty()) {
            fields.error(
                    fields.given("alias_service") ? "alias_service" : "alias_node",
                    "found an empty text, expected a name");
            return Optional.empty();
        }
        if (node.isEmpty() && target.equals(serviceId)) {
            fields.error(
                    "alias_service",
                    "found '" + Printable.of(target) + "', the service of this check itself (expected: another one)");
        } else if (node.isEmpty()) {
            binding.refer(new Reference(Printable.of(checkId), target, "alias_service", fields.at("alias_service")));
        }
        try {
            return Optional.of(new CheckKind.Alias(node, target));
        } catch (IllegalArgumentException refused) {
            fields.error("alias_node", Printable.message(refused.getMessage()));
            return Optional.empty();
        }
    }
}
