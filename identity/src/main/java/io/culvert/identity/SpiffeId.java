package io.culvert.identity;

import io.culvert.catalog.NodeName;
import io.culvert.catalog.ServiceName;

/**
 * Who a certificate says its holder is. Two kinds exist, with Consul's paths:
 *
 * <pre>
 * spiffe://&lt;trust domain&gt;/ns/default/dc/&lt;datacenter&gt;/svc/&lt;service&gt;
 * spiffe://&lt;trust domain&gt;/agent/client/dc/&lt;datacenter&gt;/id/&lt;node&gt;
 * </pre>
 *
 * <p>Names are compared without regard to case everywhere, so the one spelling in use is lower case; characters that a
 * SPIFFE path segment does not allow are percent-encoded. Parsing takes only that one spelling.
 */
public sealed interface SpiffeId permits ServiceIdentity, AgentIdentity {
    String SCHEME = "spiffe://";

    /** Longest id that is read, in characters (SPIFFE-ID section 2.3 asks for 2,048 bytes). */
    int LONGEST = 2_048;

    TrustDomain trustDomain();

    String datacenter();

    /** The id as it stands in a certificate. */
    String uri();

    /** How intentions call it: a service by its name, an agent {@code host/NODE}. Lower case. */
    String intentionSource();

    /** A short name for a certificate's subject, such as {@code web.svc.default}. */
    String subject();

    /** Reads what {@link #uri} writes; {@link IllegalArgumentException} for all else. */
    static SpiffeId parse(String uri) {
        if (uri.length() > LONGEST || !uri.startsWith(SCHEME)) {
            throw refused(uri);
        }
        String[] parts = uri.substring(SCHEME.length()).split("/", -1);
        SpiffeId id;
        try {
            id = parse(uri, parts);
        } catch (IllegalArgumentException malformedPart) {
            // Its message quotes a part as it was sent; the one made here is fit for a log.
            throw refused(uri);
        }
        if (!id.uri().equals(uri)) {
            throw refused(uri);
        }
        return id;
    }

    private static SpiffeId parse(String uri, String[] parts) {
        if (parts.length != 7) {
            throw refused(uri);
        }
        TrustDomain trustDomain = new TrustDomain(parts[0]);
        String shape = String.join("/", parts[1], parts[2], parts[3], parts[5]);
        String datacenter = parts[4];
        String name = PathSegment.decode(parts[6]);
        return switch (shape) {
            case "ns/default/dc/svc" -> new ServiceIdentity(trustDomain, datacenter, new ServiceName(name));
            case "agent/client/dc/id" -> new AgentIdentity(trustDomain, datacenter, new NodeName(name));
            default -> throw refused(uri);
        };
    }

    private static IllegalArgumentException refused(String uri) {
        return new IllegalArgumentException("SPIFFE id: '" + Printable.of(uri)
                + "' (expected: spiffe://DOMAIN/ns/default/dc/DATACENTER/svc/SERVICE or"
                + " spiffe://DOMAIN/agent/client/dc/DATACENTER/id/NODE, in lower case)");
    }
}
