package io.culvert.agent.http.server;

import io.culvert.agent.http.json.JsonOutput;
import io.culvert.agent.http.route.Answer;
import io.culvert.agent.http.route.ApiRefusal;
import io.culvert.agent.http.route.ApiRequest;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.zip.GZIPOutputStream;

/** Makes bytes of answers, on a worker: JSON, compression, the headers that every answer has. */
final class Renderer {
    /** Below this a packet is not saved. */
    private static final int SMALLEST_COMPRESSED = 1_400;

    private static final byte[] NO_BODY = {};

    private Renderer() {}

    static Rendered render(ApiRequest request, Answer answer) {
        Map<String, String> headers = new LinkedHashMap<>(answer.headers());
        byte[] body = NO_BODY;
        if (answer.content() instanceof Answer.Json json) {
            headers.put("Content-Type", Answer.JSON);
            body = JsonOutput.render(json.body(), request.has("pretty"));
        } else if (answer.content() instanceof Answer.Bytes bytes) {
            headers.put("Content-Type", bytes.contentType());
            body = bytes.bytes();
        }
        headers.put("Vary", "Accept-Encoding");
        // Nobody may open streams until an intention says so: what Consul calls a default policy of deny.
        headers.put("X-Consul-Default-Acl-Policy", "deny");
        headers.put("X-Content-Type-Options", "nosniff");
        if (body.length >= SMALLEST_COMPRESSED && wantsGzip(request)) {
            headers.put("Content-Encoding", "gzip");
            body = gzip(body);
        }
        boolean head = request.method().equals("HEAD");
        return new Rendered(answer.status(), headers, head ? NO_BODY : body, body.length, answer.afterwards());
    }

    /** For requests that could not be read. */
    static Rendered plain(ApiRefusal refusal) {
        Answer.Bytes text = (Answer.Bytes) refusal.answer().content();
        return new Rendered(
                refusal.status(),
                Map.of("Content-Type", Answer.TEXT),
                text.bytes(),
                text.bytes().length,
                Optional.empty());
    }

    private static boolean wantsGzip(ApiRequest request) {
        for (String offer : request.header("accept-encoding").orElse("").split(",")) {
            String[] parts = offer.trim().split(";");
            if (parts[0].trim().equalsIgnoreCase("gzip")) {
                return parts.length == 1 || !parts[1].trim().matches("q=0(\\.0*)?");
            }
        }
        return false;
    }

    private static byte[] gzip(byte[] body) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(body.length / 4);
        try (GZIPOutputStream gzip = new GZIPOutputStream(bytes)) {
            gzip.write(body);
        } catch (IOException e) {
            throw new UncheckedIOException("memory does not fail", e);
        }
        return bytes.toByteArray();
    }
}
