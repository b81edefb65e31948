package io.culvert.identity;

import java.util.Map;

/**
 * Who may, or may not, open streams to whom.
 *
 * @param source a service's name, {@code host/NODE}, or {@code *}
 * @param destination a service's name, or {@code *}
 * @param origin where it was written: {@code api}, or the file and line of a server's config directory
 */
public record Intention(
        String source, String destination, Action action, String description, Map<String, String> meta, String origin) {
    public static final String ANY = "*";

    public Intention {
        meta = Map.copyOf(meta);
    }

    /** What is done with a new stream. */
    public enum Action {
        ALLOW,
        DENY
    }
}
