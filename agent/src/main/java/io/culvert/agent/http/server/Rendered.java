package io.culvert.agent.http.server;

import java.util.Map;
import java.util.Optional;

/**
 * An answer as bytes.
 *
 * @param headers all but those of the connection
 * @param length of the body that a {@code HEAD} only speaks of
 * @param afterwards runs when the answer has left, or could not
 */
public record Rendered(
        int status, Map<String, String> headers, byte[] body, int length, Optional<Runnable> afterwards) {}
