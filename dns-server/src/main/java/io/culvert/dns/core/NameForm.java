package io.culvert.dns.core;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How a name is meant. Labels are read from the right, as Consul does: at most one datacenter, then the word for the
 * kind, then what belongs to it.
 *
 * @param parts what stands left of the kind
 * @param datacenter in lower case
 */
record NameForm(Kind kind, List<String> parts, String datacenter) {
    /** What a name asks for. */
    enum Kind {
        /** The loopback address of a service: {@code web.mesh}, {@code web.virtual.mesh}. */
        MESH,
        /** The real addresses of instances: {@code web.service.mesh}, {@code _web._tcp.mesh}. */
        SERVICE,
        NODE,
        ADDRESS,
        /** Prepared queries, of which there are none. */
        QUERY,
        /** The servers. */
        NAME_SERVER,
        /** A word below which names exist, but which is none itself. */
        NON_TERMINAL,
        UNKNOWN
    }

    private static final Map<String, Kind> WORDS = Map.of(
            "service",
            Kind.SERVICE,
            "node",
            Kind.NODE,
            "addr",
            Kind.ADDRESS,
            "query",
            Kind.QUERY,
            "virtual",
            Kind.MESH);

    NameForm {
        parts = List.copyOf(parts);
    }

    static NameForm of(List<String> labels, String localDatacenter) {
        int last = labels.size() - 1;
        if (last == 0) {
            return new NameForm(Kind.MESH, labels, localDatacenter);
        }
        Kind rightmost = WORDS.get(labels.get(last));
        if (rightmost != null) {
            return ofWord(rightmost, labels.subList(0, last), localDatacenter);
        }
        Kind second = WORDS.get(labels.get(last - 1));
        if (second != null) {
            return ofWord(second, labels.subList(0, last - 1), labels.get(last));
        }
        return withoutWord(labels, localDatacenter);
    }

    private static NameForm ofWord(Kind kind, List<String> parts, String datacenter) {
        boolean serviceMissing = kind == Kind.SERVICE && parts.size() == 1 && isUnderscored(parts.get(0));
        return new NameForm(parts.isEmpty() || serviceMissing ? Kind.NON_TERMINAL : kind, parts, datacenter);
    }

    private static NameForm withoutWord(List<String> labels, String localDatacenter) {
        boolean located = isUnderscored(labels.get(0)) && isUnderscored(labels.get(1));
        if (located && labels.size() <= 3) {
            String datacenter = labels.size() == 3 ? labels.get(2) : localDatacenter;
            return new NameForm(Kind.SERVICE, labels.subList(0, 2), datacenter);
        }
        if (labels.size() == 2 && labels.get(1).equals(localDatacenter)) {
            Kind kind = isUnderscored(labels.get(0)) ? Kind.NON_TERMINAL : Kind.MESH;
            return new NameForm(kind, labels.subList(0, 1), localDatacenter);
        }
        return new NameForm(Kind.UNKNOWN, labels, localDatacenter);
    }

    /**
     * What a single label is when no service of the mesh has that name. RFC 8020: a name below which names exist must
     * not be denied, or a resolver may deny those too.
     */
    static Kind withoutService(String label, String localDatacenter) {
        if (label.equals("ns")) {
            return Kind.NAME_SERVER;
        }
        @Nullable Kind word = WORDS.get(label);
        boolean nonTerminal = word != null || isUnderscored(label) || label.equals(localDatacenter);
        return nonTerminal ? Kind.NON_TERMINAL : Kind.UNKNOWN;
    }

    static boolean isUnderscored(String label) {
        return label.length() > 1 && label.charAt(0) == '_';
    }
}
