package io.culvert.agent.http.route;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * An answer before it is rendered.
 *
 * @param headers besides those that every answer has
 * @param afterwards runs when the answer has left, or could not
 */
public record Answer(int status, Content content, Map<String, String> headers, Optional<Runnable> afterwards)
        implements Reply {
    public static final String TEXT = "text/plain; charset=utf-8";
    public static final String JSON = "application/json";

    /** What stands in the body. */
    public sealed interface Content {}

    /** No body and no content type, as Consul answers most writes. */
    public record Empty() implements Content {}

    public record Bytes(String contentType, byte[] bytes) implements Content {}

    public record Json(JsonBody body) implements Content {}

    public static Answer empty(int status) {
        return new Answer(status, new Empty(), Map.of(), Optional.empty());
    }

    public static Answer json(JsonBody body) {
        return json(200, body);
    }

    public static Answer json(int status, JsonBody body) {
        return new Answer(status, new Json(body), Map.of(), Optional.empty());
    }

    /** {@code true} or {@code false}, as Consul answers writes of the catalogue, of intentions and of the store. */
    public static Answer done(boolean done) {
        return json(json -> json.writeBoolean(done));
    }

    public static Answer text(int status, String text) {
        return bytes(status, TEXT, text.getBytes(java.nio.charset.StandardCharsets.UTF_8));
    }

    public static Answer bytes(int status, String contentType, byte[] bytes) {
        return new Answer(status, new Bytes(contentType, bytes), Map.of(), Optional.empty());
    }

    public Answer with(String header, String value) {
        Map<String, String> more = new LinkedHashMap<>(headers);
        more.put(header, value);
        return new Answer(status, content, more, afterwards);
    }

    public Answer then(Runnable task) {
        return new Answer(status, content, headers, Optional.of(task));
    }
}
