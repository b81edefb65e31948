package io.culvert.agent.http.endpoint;

import com.fasterxml.jackson.core.JsonGenerator;
import io.culvert.agent.http.Policy;
import io.culvert.agent.http.json.ConsulJson;
import io.culvert.agent.http.route.Answer;
import io.culvert.agent.http.route.ApiRefusal;
import io.culvert.agent.http.route.ApiRequest;
import io.culvert.agent.http.route.Readout;
import io.culvert.agent.http.route.Reply;
import io.culvert.agent.http.route.Route;
import io.culvert.agent.http.route.Router;
import io.culvert.agent.http.route.Topic;
import io.culvert.agent.local.json.InputRefused;
import io.culvert.agent.local.json.JsonInput;
import io.culvert.agent.local.json.JsonObject;
import io.culvert.identity.Decision;
import io.culvert.identity.Intention;
import io.culvert.identity.IntentionTable;
import io.culvert.identity.SpiffeId;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/** {@code /v1/connect/intentions} and {@code /v1/agent/connect/authorize}. */
final class IntentionEndpoints {
    private static final String NAMESPACE = "default/";

    private final Policy policy;
    private final Reads reads;

    IntentionEndpoints(Policy policy, Reads reads) {
        this.policy = policy;
        this.reads = reads;
    }

    void add(Router.Builder routes) {
        routes.get("/v1/connect/intentions", this::list)
                .post("/v1/connect/intentions", this::create)
                .get("/v1/connect/intentions/exact", this::exact)
                .put("/v1/connect/intentions/exact", this::putExact)
                .delete("/v1/connect/intentions/exact", this::deleteExact)
                .get("/v1/connect/intentions/match", this::match)
                .get("/v1/connect/intentions/check", this::check)
                .get("/v1/connect/intentions/:id", this::byId)
                .delete("/v1/connect/intentions/:id", this::deleteById)
                .notYet("PUT", "/v1/connect/intentions/:id", "write it by source and destination: intentions/exact")
                .add(new Route("POST", "/v1/agent/connect/authorize", Route.Access.READ, this::authorize));
    }

    private IntentionTable table() {
        return policy.intentions().current();
    }

    private Reply list(ApiRequest request) throws ApiRefusal {
        return reads.blocking(request, Topic.INTENTIONS, () -> {
            IntentionTable table = table();
            return new Readout(
                    index(table),
                    () -> Answer.json(json -> ConsulJson.array(
                            json, table.intentions(), (to, intention) -> write(to, intention, table))));
        });
    }

    private static long index(IntentionTable table) {
        return Math.max(1, table.version() + 1);
    }

    private void write(JsonGenerator json, Intention intention, IntentionTable table) throws IOException {
        json.writeStartObject();
        if (!intention.description().isEmpty()) {
            json.writeStringField("Description", intention.description());
        }
        json.writeStringField("SourceNS", "default");
        json.writeStringField("SourceName", intention.source());
        json.writeStringField("DestinationNS", "default");
        json.writeStringField("DestinationName", intention.destination());
        json.writeStringField("SourceType", "consul");
        json.writeStringField("Action", intention.action().name().toLowerCase(Locale.ROOT));
        if (!intention.meta().isEmpty()) {
            ConsulJson.pairs(json, "Meta", intention.meta());
        }
        json.writeNumberField("Precedence", intention.precedence());
        json.writeStringField("Origin", intention.origin());
        long index = reads.base() + index(table);
        ConsulJson.indexes(json, index, index);
        json.writeEndObject();
    }

    private Reply exact(ApiRequest request) throws ApiRefusal {
        Intention.Pair pair = pair(request);
        if (table().exact(pair).isEmpty() && !request.has("index")) {
            throw new ApiRefusal(404, "Intention not found");
        }
        return reads.blocking(request, Topic.INTENTIONS, () -> {
            IntentionTable table = table();
            Optional<Intention> intention = table.exact(pair);
            return new Readout(
                    index(table),
                    () -> intention.isPresent()
                            ? Answer.json(json -> write(json, intention.get(), table))
                            : Answer.text(404, "Intention not found"));
        });
    }

    private Reply putExact(ApiRequest request) throws ApiRefusal {
        String source = required(request, "source");
        String destination = required(request, "destination");
        Intention intention;
        try {
            JsonObject body = JsonInput.object(request.body());
            body.ignore("SourceName", "DestinationName", "ID");
            intention = read(body, source, destination);
        } catch (InputRefused e) {
            throw ApiRefusal.badRequest(e.reason());
        }
        written(policy.put(intention));
        return Answer.done(true);
    }

    private Reply deleteExact(ApiRequest request) throws ApiRefusal {
        written(policy.delete(pair(request)));
        return Answer.done(true);
    }

    /** Consul's old form: one object, an id in return. Here the id follows from source and destination. */
    private Reply create(ApiRequest request) throws ApiRefusal {
        Intention intention;
        try {
            JsonObject body = JsonInput.object(request.body());
            body.ignore("ID");
            String source = withoutNamespace(body.text("SourceName"));
            String destination = withoutNamespace(body.text("DestinationName"));
            if (source.isEmpty() || destination.isEmpty()) {
                throw ApiRefusal.badRequest("SourceName and DestinationName must be set");
            }
            intention = read(body, source, destination);
        } catch (InputRefused e) {
            throw ApiRefusal.badRequest(e.reason());
        }
        if (table().exact(intention.pair()).isPresent()) {
            throw new ApiRefusal(500, "duplicate intention found: " + intention.pair());
        }
        written(policy.put(intention));
        return Answer.json(json -> {
            json.writeStartObject();
            json.writeStringField("ID", idOf(intention.pair()).toString());
            json.writeEndObject();
        });
    }

    private static Intention read(JsonObject body, String source, String destination) throws InputRefused, ApiRefusal {
        if (body.has("Permissions")) {
            throw ApiRefusal.badRequest(
                    "Permissions are for requests inside of HTTP, which this mesh does not look into: use Action");
        }
        String action = body.text("Action");
        if (!action.equals("allow") && !action.equals("deny")) {
            throw new ApiRefusal(500, "Action must be set to 'allow' or 'deny' (not '" + action + "')");
        }
        String type = body.text("SourceType");
        if (!type.isEmpty() && !type.equals("consul")) {
            throw ApiRefusal.badRequest("SourceType must be 'consul' (not '" + type + "')");
        }
        String description = body.text("Description");
        Map<String, String> meta = body.textMap("Meta");
        body.ignore("Permissions", "SourceNS", "DestinationNS", "SourcePartition", "DestinationPartition");
        body.ignore("Precedence", "CreatedAt", "UpdatedAt", "Hash", "CreateIndex", "ModifyIndex", "LegacyID", "Origin");
        body.finish();
        try {
            return new Intention(
                    source,
                    destination,
                    action.equals("allow") ? Intention.Action.ALLOW : Intention.Action.DENY,
                    description,
                    meta,
                    Intention.FROM_API);
        } catch (IllegalArgumentException e) {
            throw ApiRefusal.badRequest(String.valueOf(e.getMessage()));
        }
    }

    private static void written(Policy.WriteOutcome outcome) throws ApiRefusal {
        if (outcome instanceof Policy.Refused refused) {
            throw ApiRefusal.badRequest(refused.message());
        }
        if (outcome instanceof Policy.Unreachable unreachable) {
            throw new ApiRefusal(500, unreachable.message());
        }
    }

    private Reply byId(ApiRequest request) throws ApiRefusal {
        UUID id = uuid(request);
        IntentionTable table = table();
        Intention found = table.intentions().stream()
                .filter(intention -> idOf(intention.pair()).equals(id))
                .findFirst()
                .orElseThrow(() -> new ApiRefusal(404, "Intention not found"));
        return Answer.json(json -> write(json, found, table));
    }

    private Reply deleteById(ApiRequest request) throws ApiRefusal {
        UUID id = uuid(request);
        for (Intention intention : table().intentions()) {
            if (idOf(intention.pair()).equals(id)) {
                written(policy.delete(intention.pair()));
            }
        }
        return Answer.done(true);
    }

    private static UUID uuid(ApiRequest request) throws ApiRefusal {
        try {
            return UUID.fromString(request.parameter("id"));
        } catch (IllegalArgumentException e) {
            throw ApiRefusal.badRequest("intention ID must be a UUID (source and destination: intentions/exact)");
        }
    }

    private static UUID idOf(Intention.Pair pair) {
        return UUID.nameUUIDFromBytes(("intention " + pair).getBytes(StandardCharsets.UTF_8));
    }

    private Reply match(ApiRequest request) throws ApiRefusal {
        String by = request.query("by").orElse("");
        if (!by.equals("source") && !by.equals("destination")) {
            throw new ApiRefusal(500, "required query parameter 'by' must be 'source' or 'destination'");
        }
        List<String> names = request.queries("name").stream()
                .map(IntentionEndpoints::withoutNamespace)
                .toList();
        if (names.isEmpty()) {
            throw new ApiRefusal(500, "required query parameter 'name' not set");
        }
        return reads.blocking(request, Topic.INTENTIONS, () -> {
            IntentionTable table = table();
            Map<String, List<Intention>> matches = new LinkedHashMap<>();
            names.forEach(name -> matches.put(name, matching(table, by, name)));
            return new Readout(
                    index(table),
                    () -> Answer.json(json -> {
                        json.writeStartObject();
                        for (Map.Entry<String, List<Intention>> match : matches.entrySet()) {
                            json.writeFieldName(match.getKey());
                            ConsulJson.array(json, match.getValue(), (to, intention) -> write(to, intention, table));
                        }
                        json.writeEndObject();
                    }));
        });
    }

    private static List<Intention> matching(IntentionTable table, String by, String name) {
        return table.intentions().stream()
                .filter(intention -> {
                    String side = by.equals("source") ? intention.source() : intention.destination();
                    return side.equals(Intention.ANY) || side.equalsIgnoreCase(name);
                })
                .toList();
    }

    private Reply check(ApiRequest request) throws ApiRefusal {
        reads.check(request);
        Intention.Pair pair = pair(request);
        Decision decision = table().decide(pair.source(), pair.destination());
        return Answer.json(json -> {
            json.writeStartObject();
            json.writeBooleanField("Allowed", decision.allowed());
            json.writeStringField("Reason", decision.reason());
            json.writeEndObject();
        });
    }

    /** As Consul: the trust domain of the certificate is not looked at, which is the business of the TLS handshake. */
    private Reply authorize(ApiRequest request) throws ApiRefusal {
        String target;
        SpiffeId caller;
        try {
            JsonObject body = JsonInput.object(request.body());
            target = body.text("Target");
            String uri = body.text("ClientCertURI");
            body.ignore("ClientCertSerial", "Namespace");
            body.finish();
            if (target.isEmpty()) {
                throw ApiRefusal.badRequest("Target service must be specified");
            }
            caller = SpiffeId.parse(uri);
        } catch (InputRefused e) {
            throw ApiRefusal.badRequest(e.reason());
        } catch (IllegalArgumentException e) {
            throw ApiRefusal.badRequest("ClientCertURI not a valid Connect identifier: " + e.getMessage());
        }
        Decision decision = table().decide(caller.intentionSource(), withoutNamespace(target));
        return Answer.json(json -> {
            json.writeStartObject();
            json.writeBooleanField("Authorized", decision.allowed());
            json.writeStringField("Reason", decision.reason());
            json.writeEndObject();
        });
    }

    private static Intention.Pair pair(ApiRequest request) throws ApiRefusal {
        return Intention.Pair.of(required(request, "source"), required(request, "destination"));
    }

    private static String required(ApiRequest request, String parameter) throws ApiRefusal {
        String name = withoutNamespace(request.query(parameter).orElse(""));
        if (name.isEmpty()) {
            throw new ApiRefusal(500, "required query parameter '" + parameter + "' not set");
        }
        return name;
    }

    private static String withoutNamespace(String name) {
        return name.startsWith(NAMESPACE) ? name.substring(NAMESPACE.length()) : name;
    }
}
