package io.culvert.agent.http.endpoint;

import com.fasterxml.jackson.core.JsonGenerator;
import io.culvert.agent.http.Membership;
import io.culvert.agent.http.Policy;
import io.culvert.agent.http.StatusReport;
import io.culvert.agent.http.StatusReport.AgentStatus;
import io.culvert.agent.http.json.ConsulJson;
import io.culvert.agent.http.route.Answer;
import io.culvert.agent.http.route.ApiRequest;
import io.culvert.agent.http.route.Reply;
import io.culvert.agent.http.route.Router;
import io.culvert.agent.local.LocalState;
import io.culvert.catalog.CatalogInstance;
import io.culvert.catalog.CatalogService;
import io.culvert.catalog.CatalogView;
import io.culvert.catalog.Liveness;
import io.culvert.catalog.LoopbackTable;
import io.culvert.catalog.NodeRecord;
import io.culvert.catalog.clock.WallClock;
import io.culvert.identity.IntentionTable;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** {@code /v1/culvert}: what Consul has no words for. */
final class CulvertEndpoints {
    private final LocalState local;
    private final CatalogView catalog;
    private final Membership membership;
    private final Policy policy;
    private final StatusReport report;
    private final WallClock clock;

    CulvertEndpoints(Endpoints.Doors doors, WallClock clock) {
        this.local = doors.local();
        this.catalog = doors.catalog();
        this.membership = doors.membership();
        this.policy = doors.policy();
        this.report = doors.report();
        this.clock = clock;
    }

    void add(Router.Builder routes) {
        routes.get("/v1/culvert/status", request -> status())
                .get("/v1/culvert/services", request -> services())
                .get("/ready", request -> ready())
                .get("/", this::root);
    }

    private Reply root(ApiRequest request) {
        return Answer.text(200, "Culvert agent: the API is below /v1\n");
    }

    /** 200 when nothing is waited for, else 503 with what is. */
    private Reply ready() {
        List<String> open = report.status().notReady();
        return open.isEmpty() ? Answer.text(200, "ready\n") : Answer.text(503, String.join("\n", open) + "\n");
    }

    private Reply services() {
        LoopbackTable loopback = report.loopback();
        List<CatalogService> services = catalog.current().services().stream()
                .sorted(Comparator.comparing(CatalogService::name))
                .toList();
        return Answer.json(json -> ConsulJson.array(json, services, (to, service) -> {
            Set<String> tags = new TreeSet<>();
            service.instances()
                    .forEach(instance -> tags.addAll(instance.service().tags()));
            to.writeStartObject();
            to.writeStringField("Name", service.name().text());
            to.writeStringField(
                    "Address",
                    service.isMesh()
                            ? loopback.address(service.name())
                                    .map(Object::toString)
                                    .orElse("")
                            : "");
            to.writeNumberField("Instances", service.instances().size());
            to.writeNumberField(
                    "Healthy",
                    service.instances().stream()
                            .filter(CatalogInstance::isRoutable)
                            .count());
            to.writeBooleanField("Mesh", service.isMesh());
            ConsulJson.texts(to, "Tags", tags);
            to.writeEndObject();
        }));
    }

    private Reply status() {
        AgentStatus status = report.status();
        NodeRecord node = local.view().content().node();
        Instant now = clock.now();
        return Answer.json(json -> {
            json.writeStartObject();
            json.writeStringField("Version", node.version());
            json.writeStringField("Node", node.name().text());
            json.writeStringField("NodeID", node.id().toString());
            json.writeStringField("Address", node.address().toString());
            json.writeStringField("Datacenter", node.datacenter());
            json.writeStringField("Role", node.server() ? "server" : "agent");
            json.writeStringField("StartedAt", status.startedAt().toString());
            json.writeNumberField(
                    "UptimeSeconds", Duration.between(status.startedAt(), now).toSeconds());
            json.writeBooleanField("Ready", status.notReady().isEmpty());
            ConsulJson.texts(json, "NotReady", status.notReady());
            listeners(json, status.listeners());
            problems(json, status.problems());
            certificates(json, status.certificates(), now);
            policy(json);
            pool(json);
            numbers(json, "Counts", status.counts());
            loopback(json);
            json.writeEndObject();
        });
    }

    private static void listeners(JsonGenerator json, List<StatusReport.Listener> listeners) throws IOException {
        json.writeFieldName("Listeners");
        ConsulJson.array(json, listeners, (to, listener) -> {
            to.writeStartObject();
            to.writeStringField("Name", listener.name());
            to.writeStringField("Address", listener.address());
            to.writeStringField("State", listener.state());
            to.writeStringField("Reason", listener.reason());
            to.writeStringField("Remedy", listener.remedy());
            to.writeEndObject();
        });
    }

    private static void problems(JsonGenerator json, List<StatusReport.FileProblem> problems) throws IOException {
        json.writeFieldName("Problems");
        ConsulJson.array(json, problems, (to, problem) -> {
            to.writeStartObject();
            to.writeStringField("Place", problem.place());
            to.writeStringField("Severity", problem.error() ? "error" : "warning");
            to.writeStringField("Message", problem.message());
            to.writeEndObject();
        });
    }

    private static void certificates(JsonGenerator json, List<StatusReport.Certificate> certificates, Instant now)
            throws IOException {
        json.writeFieldName("Certificates");
        ConsulJson.array(json, certificates, (to, certificate) -> {
            to.writeStartObject();
            to.writeStringField("Identity", certificate.identity());
            to.writeStringField("NotBefore", certificate.notBefore().toString());
            to.writeStringField("NotAfter", certificate.notAfter().toString());
            to.writeNumberField(
                    "ExpiresInSeconds",
                    Duration.between(now, certificate.notAfter()).toSeconds());
            to.writeEndObject();
        });
    }

    private void policy(JsonGenerator json) throws IOException {
        IntentionTable table = policy.intentions().current();
        json.writeObjectFieldStart("Policy");
        json.writeNumberField("Version", table.version());
        json.writeNumberField("Intentions", table.intentions().size());
        if (policy.age().isPresent()) {
            json.writeNumberField("AgeSeconds", policy.age().get().toSeconds());
        } else {
            json.writeNullField("AgeSeconds");
        }
        json.writeStringField("Server", membership.leader().orElse(""));
        json.writeEndObject();
    }

    private void pool(JsonGenerator json) throws IOException {
        Map<String, Long> states = new TreeMap<>();
        for (Liveness liveness : Liveness.values()) {
            states.put(word(liveness), 0L);
        }
        membership.members().forEach(member -> states.merge(word(member.liveness()), 1L, Long::sum));
        numbers(json, "Members", states);
        json.writeNumberField("Services", catalog.current().services().size());
    }

    private static String word(Liveness liveness) {
        return liveness.name().toLowerCase(Locale.ROOT);
    }

    private static void numbers(JsonGenerator json, String name, Map<String, Long> numbers) throws IOException {
        json.writeObjectFieldStart(name);
        for (Map.Entry<String, Long> number : new TreeMap<>(numbers).entrySet()) {
            json.writeNumberField(number.getKey(), number.getValue());
        }
        json.writeEndObject();
    }

    private void loopback(JsonGenerator json) throws IOException {
        List<LoopbackTable.Entry> entries = report.loopback().entries().stream()
                .sorted(Comparator.comparing(LoopbackTable.Entry::name))
                .toList();
        json.writeFieldName("Loopback");
        ConsulJson.array(json, entries, (to, entry) -> {
            to.writeStartObject();
            to.writeStringField("Service", entry.name().text());
            to.writeStringField("Address", entry.address().toString());
            to.writeEndObject();
        });
    }
}
