package io.culvert.identity;

import io.culvert.catalog.NodeName;
import io.culvert.catalog.ServiceName;
import java.util.Locale;
import java.util.Map;

/**
 * Who may, or may not, open streams to whom. Names keep the spelling they were written in and are compared without
 * regard to case.
 *
 * @param source a service's name, {@code host/NODE} for callers of a host that are no declared service, or {@code *} for
 *     every service and every host; {@code host/*} is refused, since it would need a precedence that Consul does not know
 * @param destination a service's name, or {@code *}
 * @param description at most 512 characters
 * @param meta at most 64 pairs; keys to 128, values to 512 characters, as in Consul
 * @param origin where it was written: {@code api}, or the file and line of a server's config directory
 */
public record Intention(
        String source, String destination, Action action, String description, Map<String, String> meta, String origin) {
    public static final String ANY = "*";

    /** What stands before a node's name in a source. */
    public static final String HOST = "host/";

    /** The origin of what was created through the API. */
    public static final String FROM_API = "api";

    private static final int LONGEST_DESCRIPTION = 512;
    private static final int MOST_META = 64;
    private static final int LONGEST_META_KEY = 128;
    private static final int LONGEST_META_VALUE = 512;
    private static final int LONGEST_ORIGIN = 4_096;

    public Intention {
        checkSource(source);
        checkDestination(destination);
        meta = Map.copyOf(meta);
        check(description.length() <= LONGEST_DESCRIPTION, "description", LONGEST_DESCRIPTION + " characters");
        check(meta.size() <= MOST_META, "meta", MOST_META + " pairs");
        check(
                meta.keySet().stream().allMatch(key -> key.length() <= LONGEST_META_KEY),
                "key of meta",
                "128 characters");
        check(
                meta.values().stream().allMatch(value -> value.length() <= LONGEST_META_VALUE),
                "value of meta",
                "512 characters");
        check(origin.length() <= LONGEST_ORIGIN, "origin", LONGEST_ORIGIN + " characters");
    }

    /** What is done with a new stream. */
    public enum Action {
        ALLOW,
        DENY
    }

    /** Consul's order: 9 exact to exact, 8 any to exact, 6 exact to any, 5 any to any. */
    public int precedence() {
        boolean anySource = source.equals(ANY);
        if (destination.equals(ANY)) {
            return anySource ? 5 : 6;
        }
        return anySource ? 8 : 9;
    }

    /** The pair that is unique in a table. */
    public Pair pair() {
        return Pair.of(source, destination);
    }

    /** Whether it may be changed through the API; what stands in a file is changed there. */
    public boolean isFromApi() {
        return origin.equals(FROM_API);
    }

    /** Source and destination in the form that is compared. */
    public record Pair(String source, String destination) {
        public static Pair of(String source, String destination) {
            return new Pair(source.toLowerCase(Locale.ROOT), destination.toLowerCase(Locale.ROOT));
        }

        @Override
        public String toString() {
            return shown(source) + " => " + shown(destination);
        }
    }

    /** As Consul writes it: services live in the namespace {@code default}. */
    private static String shown(String name) {
        return name.startsWith(HOST) ? name : "default/" + name;
    }

    /** Throws {@link IllegalArgumentException} unless {@code source} is a service, {@code host/NODE} or {@code *}. */
    public static void checkSource(String source) {
        if (source.equals(HOST + ANY)) {
            throw new IllegalArgumentException(
                    "source of intention: 'host/*' (expected: a service's name, host/NODE, or * for everybody)");
        }
        if (source.startsWith(HOST)) {
            check(new NodeName(source.substring(HOST.length())).text().length() > 0, "node", "128 characters");
        } else {
            checkDestination(source);
        }
    }

    /** Throws {@link IllegalArgumentException} unless {@code destination} is a service or {@code *}. */
    public static void checkDestination(String destination) {
        if (!destination.equals(ANY) && new ServiceName(destination).text().contains(ANY)) {
            throw new IllegalArgumentException("name in intention: '" + Printable.of(destination)
                    + "' (expected: a service's name, or * alone for all)");
        }
    }

    private static void check(boolean holds, String what, String limit) {
        if (!holds) {
            throw new IllegalArgumentException(what + " of intention is too long (expected: at most " + limit + ")");
        }
    }
}
