package io.culvert.agent.http.endpoint;

import io.culvert.agent.http.json.ConsulJson;
import io.culvert.agent.http.route.Answer;
import io.culvert.agent.http.route.ApiRefusal;
import io.culvert.agent.http.route.ApiRequest;
import io.culvert.agent.http.route.Readout;
import io.culvert.agent.http.route.Reply;
import io.culvert.agent.http.route.Route;
import io.culvert.agent.http.route.Router;
import io.culvert.agent.http.route.Topic;
import io.culvert.agent.http.route.Waiting;
import io.culvert.agent.keyring.KeyringProgress;
import io.culvert.agent.keyring.PoolKeys;
import io.culvert.agent.local.json.InputRefused;
import io.culvert.agent.local.json.JsonInput;
import io.culvert.agent.local.json.JsonObject;
import io.culvert.gossip.keyring.PoolKey;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Supplier;

/**
 * {@code /v1/operator/keyring} in Consul's shape, and {@code /v1/culvert/keyring} with the progress of each host. Keys are
 * shown by their numbers: an answer of this API is no place for a secret.
 */
final class KeyringEndpoints {
    private static final String CONSUL = "/v1/operator/keyring";
    private static final String OWN = "/v1/culvert/keyring";
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final int MOST_RELAYS = 5;

    private final PoolKeys keys;
    private final Reads reads;
    private final Supplier<String> datacenter;

    KeyringEndpoints(PoolKeys keys, Reads reads, Supplier<String> datacenter) {
        this.keys = keys;
        this.reads = reads;
        this.datacenter = datacenter;
    }

    void add(Router.Builder routes) {
        routes.add(new Route("GET", CONSUL, Route.Access.OPERATE, this::list))
                .post(CONSUL, request -> changed(request, new PoolKeys.Install(Optional.of(secret(key(request))))))
                .put(CONSUL, request -> changed(request, new PoolKeys.Use(number(key(request)), false)))
                .delete(CONSUL, request -> changed(request, new PoolKeys.Remove(number(key(request)), false)))
                .add(new Route("GET", OWN, Route.Access.READ, request -> progress()))
                .post(OWN, this::begin);
    }

    private Reply list(ApiRequest request) throws ApiRefusal {
        check(request);
        if (Reads.flag(request, "local-only", "Error parsing local-only value")) {
            return consul(List.of(new KeyringProgress.Host("", KeyringProgress.State.DONE, keys.own(), "")));
        }
        Optional<String> refusal = keys.begin(new PoolKeys.Show());
        // Another change under way is as good: every host tells its keys in each step of it.
        if (refusal.isPresent() && !keys.isRunning()) {
            throw ApiRefusal.badRequest(refusal.get());
        }
        return whenEnded(() -> consul(keys.progress().hosts()));
    }

    private Reply changed(ApiRequest request, PoolKeys.Operation operation) throws ApiRefusal {
        check(request);
        beginOrRefuse(operation);
        return whenEnded(() -> {
            KeyringProgress progress = keys.progress();
            if (progress.running()) {
                return Answer.text(500, progress.doing() + " is still under way; GET " + OWN + " tells how it goes");
            }
            return progress.problem().isEmpty() ? Answer.empty(200) : Answer.text(500, progress.problem());
        });
    }

    private Waiting whenEnded(Supplier<Answer> answer) {
        return new Waiting(Topic.KEYRING, () -> new Readout(1, answer), readout -> !keys.isRunning(), PATIENCE);
    }

    private void check(ApiRequest request) throws ApiRefusal {
        reads.checkDatacenter(request);
        String relays = request.query("relay-factor").orElse("");
        if (!relays.isEmpty() && !relays.matches("[0-" + MOST_RELAYS + "]")) {
            throw ApiRefusal.badRequest("relay-factor must be in range: [0, " + MOST_RELAYS
                    + "] (and changes nothing here: hosts are asked one by one)");
        }
    }

    private Answer consul(List<KeyringProgress.Host> hosts) {
        Map<String, Long> all = new TreeMap<>();
        Map<String, Long> primaries = new TreeMap<>();
        Map<String, String> messages = new TreeMap<>();
        for (KeyringProgress.Host host : hosts) {
            host.keys().forEach(key -> all.merge(key, 1L, Long::sum));
            host.keys().stream().findFirst().ifPresent(key -> primaries.merge(key, 1L, Long::sum));
            if (!host.message().isEmpty()) {
                messages.put(host.node(), host.message());
            }
        }
        return Answer.json(json -> {
            json.writeStartArray();
            json.writeStartObject();
            json.writeBooleanField("WAN", false);
            json.writeStringField("Datacenter", datacenter.get());
            json.writeStringField("Segment", "");
            if (!messages.isEmpty()) {
                ConsulJson.pairs(json, "Messages", messages);
            }
            for (Map.Entry<String, Map<String, Long>> counts :
                    Map.of("Keys", all, "PrimaryKeys", primaries).entrySet()) {
                json.writeObjectFieldStart(counts.getKey());
                for (Map.Entry<String, Long> count : counts.getValue().entrySet()) {
                    json.writeNumberField(count.getKey(), count.getValue());
                }
                json.writeEndObject();
            }
            json.writeNumberField(
                    "NumNodes",
                    hosts.stream()
                            .filter(host -> host.state() != KeyringProgress.State.DOWN)
                            .count());
            json.writeEndObject();
            json.writeEndArray();
        });
    }

    private Reply progress() {
        KeyringProgress progress = keys.progress();
        List<String> own = keys.own();
        String unfinished = keys.unfinished().orElse("");
        return Answer.json(json -> {
            json.writeStartObject();
            ConsulJson.texts(json, "Own", own);
            json.writeStringField("Operation", progress.operation());
            json.writeStringField("Doing", progress.doing());
            json.writeBooleanField("Running", progress.running());
            json.writeStringField("Problem", progress.problem());
            json.writeStringField("Unfinished", unfinished);
            json.writeFieldName("Hosts");
            ConsulJson.array(json, progress.hosts(), (to, host) -> {
                to.writeStartObject();
                to.writeStringField("Node", host.node());
                to.writeStringField("State", host.state().name().toLowerCase(Locale.ROOT));
                ConsulJson.texts(to, "Keys", host.keys());
                to.writeStringField("Message", host.message());
                to.writeEndObject();
            });
            json.writeEndObject();
        });
    }

    private Reply begin(ApiRequest request) throws ApiRefusal {
        try {
            JsonObject body = JsonInput.object(request.body());
            String operation = body.text("Operation");
            String key = body.text("Key");
            boolean force = body.flag("Force");
            body.finish();
            beginOrRefuse(
                    switch (operation) {
                        case "list" -> new PoolKeys.Show();
                        case "install" ->
                            new PoolKeys.Install(key.isEmpty() ? Optional.empty() : Optional.of(secret(key)));
                        case "use" -> new PoolKeys.Use(number(key), force);
                        case "remove" -> new PoolKeys.Remove(number(key), force);
                        case "rotate" -> new PoolKeys.Rotate();
                        default ->
                            throw ApiRefusal.badRequest("Operation '" + operation
                                    + "' (expected: list, install, use, remove or rotate); nothing was changed");
                    });
        } catch (InputRefused e) {
            throw ApiRefusal.badRequest(e.reason());
        }
        return progress();
    }

    private void beginOrRefuse(PoolKeys.Operation operation) throws ApiRefusal {
        Optional<String> refusal = keys.begin(operation);
        if (refusal.isPresent()) {
            throw ApiRefusal.badRequest(refusal.get());
        }
    }

    private static String key(ApiRequest request) throws ApiRefusal {
        try {
            JsonObject body = JsonInput.object(request.body());
            String key = body.text("Key");
            body.finish();
            return key;
        } catch (InputRefused e) {
            throw ApiRefusal.badRequest(e.reason());
        }
    }

    private static PoolKey secret(String key) throws ApiRefusal {
        try {
            return PoolKey.parse(key);
        } catch (IllegalArgumentException e) {
            throw ApiRefusal.badRequest(e.getMessage() + "; nothing was changed");
        }
    }

    /** Consul's clients name a key by the key itself; people do by its number. */
    private static String number(String key) throws ApiRefusal {
        try {
            return key.length() <= 8
                    ? String.format(Locale.ROOT, "%08x", PoolKey.parseNumber(key))
                    : secret(key).idText();
        } catch (IllegalArgumentException e) {
            throw ApiRefusal.badRequest(e.getMessage() + "; nothing was changed");
        }
    }
}
