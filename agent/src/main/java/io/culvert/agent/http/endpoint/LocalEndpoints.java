package io.culvert.agent.http.endpoint;

import com.fasterxml.jackson.core.JsonGenerator;
import io.culvert.agent.http.json.ConsulJson;
import io.culvert.agent.http.json.JsonOutput;
import io.culvert.agent.http.route.Answer;
import io.culvert.agent.http.route.ApiRefusal;
import io.culvert.agent.http.route.ApiRequest;
import io.culvert.agent.http.route.JsonBody;
import io.culvert.agent.http.route.Readout;
import io.culvert.agent.http.route.Reply;
import io.culvert.agent.http.route.Router;
import io.culvert.agent.http.route.Topic;
import io.culvert.agent.http.route.Waiting;
import io.culvert.agent.local.LocalCheck;
import io.culvert.agent.local.LocalService;
import io.culvert.agent.local.LocalState;
import io.culvert.agent.local.LocalView;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** Reads of this host's own services and checks. */
final class LocalEndpoints {
    private static final String REASON_HEADER = "X-Consul-Reason";
    private static final List<String> BEST_FIRST = List.of("passing", "warning", "critical", "maintenance");

    private final LocalState local;
    private final Reads reads;
    private final CheckViews views;

    LocalEndpoints(LocalState local, Reads reads, CheckViews views) {
        this.local = local;
        this.reads = reads;
        this.views = views;
    }

    void add(Router.Builder routes) {
        routes.get("/v1/agent/services", this::services)
                .get("/v1/agent/service/:id", this::service)
                .get("/v1/agent/checks", this::checks)
                .get("/v1/agent/health/service/id/:id", this::healthById)
                .get("/v1/agent/health/service/name/:name", this::healthByName);
    }

    private Reply services(ApiRequest request) throws ApiRefusal {
        reads.check(request);
        LocalView view = local.view();
        return Answer.json(json -> {
            json.writeStartObject();
            for (Map.Entry<String, LocalService> service : view.services().entrySet()) {
                json.writeFieldName(service.getKey());
                service(json, view, service.getValue());
            }
            json.writeEndObject();
        });
    }

    private static void service(JsonGenerator json, LocalView view, LocalService service) throws IOException {
        json.writeStartObject();
        ConsulJson.agentServiceFields(json, service.service());
        json.writeStringField("Datacenter", view.content().node().datacenter());
        json.writeEndObject();
    }

    /** The only read that waits by hash: until {@code ContentHash} is not {@code hash} any longer. */
    private Reply service(ApiRequest request) throws ApiRefusal {
        reads.check(request);
        String id = request.parameter("id");
        if (local.view().service(id).isEmpty()) {
            throw new ApiRefusal(404, "unknown service ID: " + id);
        }
        String known = request.query("hash").orElse("");
        Duration wait = reads.longestWait(request);
        Readout.Source source = () -> withHash(id);
        if (known.isEmpty()) {
            return source.read().answer().get();
        }
        Topic topic = Topic.node(local.view().content().node().name().folded());
        return new Waiting(topic, source, readout -> !hex(readout.index()).equals(known), wait);
    }

    private Readout withHash(String id) {
        LocalView view = local.view();
        Optional<LocalService> service = view.service(id);
        if (service.isEmpty()) {
            return new Readout(1, () -> Answer.text(404, "unknown service ID: " + id));
        }
        JsonBody plain = json -> service(json, view, service.get());
        long hash = hash(JsonOutput.render(plain, false));
        return new Readout(
                hash,
                () -> Answer.json(json -> {
                            json.writeStartObject();
                            ConsulJson.agentServiceFields(json, service.get().service());
                            json.writeStringField("ContentHash", hex(hash));
                            json.writeStringField(
                                    "Datacenter", view.content().node().datacenter());
                            json.writeEndObject();
                        })
                        .with("X-Consul-Contenthash", hex(hash)));
    }

    private static long hash(byte[] content) {
        try {
            return ByteBuffer.wrap(MessageDigest.getInstance("SHA-256").digest(content))
                    .getLong();
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java runtime has SHA-256", e);
        }
    }

    private static String hex(long hash) {
        return HexFormat.of().toHexDigits(hash);
    }

    private Reply checks(ApiRequest request) throws ApiRefusal {
        reads.check(request);
        Map<String, LocalCheck> checks = local.view().checks();
        return Answer.json(json -> {
            json.writeStartObject();
            for (Map.Entry<String, LocalCheck> check : checks.entrySet()) {
                json.writeFieldName(check.getKey());
                ConsulJson.check(json, views.ofLocal(check.getValue()), false);
            }
            json.writeEndObject();
        });
    }

    private Reply healthById(ApiRequest request) throws ApiRefusal {
        String id = request.parameter("id");
        if (id.isEmpty()) {
            throw ApiRefusal.badRequest("Missing serviceID");
        }
        LocalView view = local.view();
        Optional<LocalService> service = view.service(id);
        String word = service.isEmpty() ? "critical" : LocalView.aggregate(view.checksOf(id));
        int status = service.isEmpty() ? 404 : statusOf(word);
        if (asText(request)) {
            String text = service.isEmpty() ? "ServiceId " + id + " not found" : word;
            return Answer.text(status, text).with(REASON_HEADER, word);
        }
        return Answer.json(status, json -> {
                    json.writeStartObject();
                    json.writeStringField("AggregatedStatus", word);
                    if (service.isEmpty()) {
                        json.writeNullField("Service");
                        json.writeNullField("Checks");
                    } else {
                        serviceWithChecks(json, view, service.get());
                    }
                    json.writeEndObject();
                })
                .with(REASON_HEADER, word);
    }

    private void serviceWithChecks(JsonGenerator json, LocalView view, LocalService service) throws IOException {
        json.writeFieldName("Service");
        service(json, view, service);
        json.writeFieldName("Checks");
        List<LocalCheck> checks = view.checksOf(service.service().id());
        ConsulJson.array(json, checks, (to, check) -> ConsulJson.check(to, views.ofLocal(check), true));
    }

    /** The code is that of the worst instance. */
    private Reply healthByName(ApiRequest request) throws ApiRefusal {
        String name = request.parameter("name");
        if (name.isEmpty()) {
            throw ApiRefusal.badRequest("Missing service Name");
        }
        LocalView view = local.view();
        List<LocalService> services = view.services().values().stream()
                .filter(service -> service.service().name().folded().equals(name.toLowerCase(Locale.ROOT)))
                .toList();
        String worst = services.stream()
                .map(service ->
                        LocalView.aggregate(view.checksOf(service.service().id())))
                .max(Comparator.comparingInt(BEST_FIRST::indexOf))
                .orElse("critical");
        int status = services.isEmpty() ? 404 : statusOf(worst);
        if (asText(request)) {
            String text = services.isEmpty() ? "ServiceName " + name + " Not Found" : worst;
            return Answer.text(status, text).with(REASON_HEADER, worst);
        }
        return Answer.json(
                        status,
                        json -> ConsulJson.array(json, services, (to, service) -> {
                            to.writeStartObject();
                            to.writeStringField(
                                    "AggregatedStatus",
                                    LocalView.aggregate(
                                            view.checksOf(service.service().id())));
                            serviceWithChecks(to, view, service);
                            to.writeEndObject();
                        }))
                .with(REASON_HEADER, worst);
    }

    private static boolean asText(ApiRequest request) {
        return request.query("format").orElse("").equals("text")
                || request.header("accept").orElse("").startsWith("text/plain");
    }

    private static int statusOf(String word) {
        return switch (word) {
            case "passing" -> 200;
            case "warning" -> 429;
            default -> 503;
        };
    }
}
