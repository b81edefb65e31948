package io.culvert.agent.http.route;

/**
 * What a blocking read waits for.
 *
 * @param key the folded name of a service or node; empty for the others
 */
public record Topic(Kind kind, String key) {
    public static final Topic NODES = new Topic(Kind.NODES, "");
    public static final Topic SERVICES = new Topic(Kind.SERVICES, "");
    public static final Topic CATALOG = new Topic(Kind.CATALOG, "");
    public static final Topic INTENTIONS = new Topic(Kind.INTENTIONS, "");
    public static final Topic ROOTS = new Topic(Kind.ROOTS, "");
    public static final Topic KEYRING = new Topic(Kind.KEYRING, "");

    /** Kinds of things that change. */
    public enum Kind {
        /** One service: its instances, their checks and hosts. */
        SERVICE,
        /** One host and all that it publishes. */
        NODE,
        /** The list of hosts. */
        NODES,
        /** The list of services. */
        SERVICES,
        /** Anything in the catalogue. */
        CATALOG,
        INTENTIONS,
        ROOTS,
        /** A change of the gossip keys that is under way. */
        KEYRING
    }

    public static Topic service(String foldedName) {
        return new Topic(Kind.SERVICE, foldedName);
    }

    public static Topic node(String foldedName) {
        return new Topic(Kind.NODE, foldedName);
    }
}
