package io.culvert.proxy.tls;

import io.culvert.identity.ServiceIdentity;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Optional;

/**
 * What stands in the SNI of a connection between agents. It is seen by everybody on the way, so a service appears as a
 * hash: names are neither leaked nor limited to what DNS allows.
 */
public final class ServerNames {
    /** Requests between agents, mutual TLS. */
    public static final String AGENT = "agent";

    /** Joining, without a client certificate. */
    public static final String JOIN = "join";

    /** RFC 6066 wants a name with a dot; engines leave out others without a word. */
    private static final String SUFFIX = ".culvert";

    private static final int HASH_BYTES = 16;

    private ServerNames() {}

    /** The label of a service: {@code s-} and 32 hexadecimal digits. */
    public static String label(ServiceIdentity service) {
        try {
            byte[] hash =
                    MessageDigest.getInstance("SHA-256").digest(service.uri().getBytes(StandardCharsets.UTF_8));
            return "s-" + HexFormat.of().formatHex(hash, 0, HASH_BYTES);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java runtime has SHA-256", e);
        }
    }

    /** The SNI of a label: what a client passes to {@code newHandler} as the host. */
    public static String serverName(String label) {
        return label + SUFFIX;
    }

    /** The label of an SNI; empty when it is not one of ours. */
    static Optional<String> label(String serverName) {
        return serverName.endsWith(SUFFIX)
                ? Optional.of(serverName.substring(0, serverName.length() - SUFFIX.length()))
                : Optional.empty();
    }
}
