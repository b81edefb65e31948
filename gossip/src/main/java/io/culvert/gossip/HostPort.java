package io.culvert.gossip;

/**
 * A host, by name or address, and a port: what a person writes to say where the pool is. Resolved when it is used.
 *
 * @param port 1 to 65535
 */
public record HostPort(String host, int port) {
    /** Where the pool listens unless it is told otherwise. */
    public static final int DEFAULT_PORT = 8301;

    public HostPort {
        if (host.isBlank() || host.length() > 255) {
            throw new IllegalArgumentException("host: '" + host + "' (expected: a host name or an address)");
        }
        if (port < 1 || port > 0xffff) {
            throw new IllegalArgumentException("port of " + host + ": " + port + " (expected: 1 to 65535)");
        }
    }

    /** Reads {@code host}, {@code host:port}, {@code [v6]:port} or a bare IPv6 address. */
    public static HostPort parse(String text) {
        int colon = text.lastIndexOf(':');
        if (text.startsWith("[")) {
            int close = text.indexOf(']');
            if (close < 0 || close < text.length() - 1 && colon != close + 1) {
                throw refused(text);
            }
            String host = text.substring(1, close);
            return new HostPort(host, colon > close ? port(text, colon) : DEFAULT_PORT);
        }
        if (colon < 0 || text.indexOf(':') != colon) {
            return new HostPort(text, DEFAULT_PORT);
        }
        return new HostPort(text.substring(0, colon), port(text, colon));
    }

    private static int port(String text, int colon) {
        try {
            return Integer.parseInt(text.substring(colon + 1));
        } catch (NumberFormatException notANumber) {
            throw refused(text);
        }
    }

    private static IllegalArgumentException refused(String text) {
        return new IllegalArgumentException(
                "address: '" + text + "' (expected: host, host:port, [v6]:port, for example 10.0.0.7:8301)");
    }

    @Override
    public String toString() {
        return host.indexOf(':') >= 0 ? "[" + host + "]:" + port : host + ":" + port;
    }
}
