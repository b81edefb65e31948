package io.culvert.agent.http.endpoint;

import io.culvert.agent.http.HttpApiSettings;
import io.culvert.agent.http.Policy;
import io.culvert.agent.http.route.Answer;
import io.culvert.agent.http.route.ApiRefusal;
import io.culvert.agent.http.route.ApiRequest;
import io.culvert.agent.http.route.Readout;
import io.culvert.agent.http.route.Reply;
import io.culvert.agent.http.route.Topic;
import io.culvert.agent.http.route.Waiting;
import io.culvert.agent.local.json.GoDuration;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/** What all reads that can block have in common: parameters, headers, waiting. */
final class Reads {
    /** Policy is confirmed every 45 s, so that two confirmations have failed. */
    private static final Duration SERVER_KNOWN = Duration.ofMinutes(2);

    private final HttpApiSettings settings;
    private final long base;
    private final Supplier<String> datacenter;
    private final Policy policy;

    /**
     * @param base added to every index: it grows from start to start of the agent, so that a client that waits with an
     *     index of the agent's former life is not kept waiting for it
     * @param datacenter of this agent
     */
    Reads(HttpApiSettings settings, long base, Supplier<String> datacenter, Policy policy) {
        this.settings = settings;
        this.base = base;
        this.datacenter = datacenter;
        this.policy = policy;
    }

    long base() {
        return base;
    }

    /** Answers at once, or when there is news: {@code index} and {@code wait} decide. */
    Reply blocking(ApiRequest request, Topic topic, Readout.Source source) throws ApiRefusal {
        check(request);
        long index = index(request);
        Duration wait = longestWait(request);
        Readout.Source shown = () -> {
            Readout readout = source.read();
            long shownIndex = base + readout.index();
            return new Readout(shownIndex, () -> headed(readout.answer().get(), shownIndex));
        };
        return index == 0
                ? shown.read().answer().get()
                : new Waiting(topic, shown, readout -> Long.compareUnsigned(readout.index(), index) > 0, wait);
    }

    private Answer headed(Answer answer, long index) {
        long lastContact = policy.age().map(Duration::toMillis).orElse(0L);
        return answer.with("X-Consul-Index", Long.toUnsignedString(index))
                .with("X-Consul-Knownleader", Boolean.toString(isServerKnown()))
                .with("X-Consul-Lastcontact", Long.toString(lastContact))
                .with("X-Consul-Effective-Consistency", "stale")
                .with("X-Consul-Query-Backend", "blocking-query");
    }

    /** Whether a server has been heard of lately: the clients' question behind "is there a leader". */
    private boolean isServerKnown() {
        return policy.age().map(age -> age.compareTo(SERVER_KNOWN) < 0).orElse(false);
    }

    /** Parameters that every read understands. */
    void check(ApiRequest request) throws ApiRefusal {
        if (request.has("stale") && request.has("consistent")) {
            throw ApiRefusal.badRequest("Cannot specify ?stale with ?consistent, conflicting semantics.");
        }
        if (request.has("cached") && request.has("consistent")) {
            throw ApiRefusal.badRequest("Cannot specify ?cached with ?consistent, conflicting semantics.");
        }
        checkNamespace(request);
        checkDatacenter(request);
        if (!request.query("filter").orElse("").isEmpty()) {
            throw new ApiRefusal(501, "?filter= is not offered yet: ask without it and filter in the client");
        }
    }

    static void checkNamespace(ApiRequest request) throws ApiRefusal {
        String namespace = request.query("ns").orElse("");
        if (!namespace.isEmpty() && !namespace.equals("default")) {
            throw ApiRefusal.badRequest("Invalid query parameter: \"ns\" - there is only the namespace 'default'");
        }
    }

    void checkDatacenter(ApiRequest request) throws ApiRefusal {
        String asked = request.query("dc").orElse("");
        if (!asked.isEmpty() && !asked.equals(datacenter.get())) {
            throw new ApiRefusal(500, "No path to datacenter");
        }
    }

    private static long index(ApiRequest request) throws ApiRefusal {
        String text = request.query("index").orElse("");
        if (text.isEmpty()) {
            return 0;
        }
        try {
            return Long.parseUnsignedLong(text);
        } catch (NumberFormatException e) {
            throw ApiRefusal.badRequest("Invalid index");
        }
    }

    /** How long a blocking read of this request may take. */
    Duration longestWait(ApiRequest request) throws ApiRefusal {
        String text = request.query("wait").orElse("");
        if (text.isEmpty()) {
            return settings.defaultWait();
        }
        Duration wait = GoDuration.parse(text).orElseThrow(() -> ApiRefusal.badRequest("Invalid wait time"));
        if (wait.isZero()) {
            return settings.defaultWait();
        }
        return wait.compareTo(settings.longestWait()) > 0 ? settings.longestWait() : wait;
    }

    /** {@code node-meta=key:value}, all of which must match. */
    static boolean matchesMeta(ApiRequest request, Map<String, String> meta) {
        for (String pair : request.queries("node-meta")) {
            int colon = pair.indexOf(':');
            String key = colon < 0 ? pair : pair.substring(0, colon);
            String value = colon < 0 ? "" : pair.substring(colon + 1);
            if (!value.equals(meta.get(key))) {
                return false;
            }
        }
        return true;
    }

    /** {@code tag}, repeated: all must be there, in any case of letters. */
    static boolean matchesTags(ApiRequest request, List<String> tags) {
        return request.queries("tag").stream()
                .allMatch(wanted -> wanted.isEmpty() || tags.stream().anyMatch(wanted::equalsIgnoreCase));
    }

    /** A boolean as Go reads it; bare means true. */
    static boolean flag(ApiRequest request, String name, String refusal) throws ApiRefusal {
        if (!request.has(name)) {
            return false;
        }
        return switch (request.query(name).orElse("")) {
            case "", "1", "t", "T", "true", "TRUE", "True" -> true;
            case "0", "f", "F", "false", "FALSE", "False" -> false;
            default -> throw ApiRefusal.badRequest(refusal);
        };
    }
}
