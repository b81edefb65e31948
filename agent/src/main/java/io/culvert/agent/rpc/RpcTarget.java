package io.culvert.agent.rpc;

import io.culvert.identity.SpiffeId;
import java.util.Optional;

/**
 * Whom to ask.
 *
 * @param host a name or an address
 * @param port of its TLS port
 * @param identity who must answer there; empty only where the TLS context itself pins the server, as in joining
 */
public record RpcTarget(String host, int port, Optional<SpiffeId> identity) {
    /** Reads {@code host:port}; an IPv6 address stands in brackets. */
    public static RpcTarget parse(String hostAndPort, Optional<SpiffeId> identity) {
        int colon = hostAndPort.lastIndexOf(':');
        if (colon < 1 || !hostAndPort.substring(colon + 1).matches("[0-9]{1,5}")) {
            throw new IllegalArgumentException("server address: '" + hostAndPort + "' (expected: host:port)");
        }
        String host = hostAndPort.substring(0, colon);
        boolean bracketed = host.startsWith("[") && host.endsWith("]");
        return new RpcTarget(
                bracketed ? host.substring(1, host.length() - 1) : host,
                Integer.parseInt(hostAndPort.substring(colon + 1)),
                identity);
    }

    /** {@code host:port}, an IPv6 address in brackets. */
    public String address() {
        return (host.indexOf(':') >= 0 ? "[" + host + "]" : host) + ":" + port;
    }

    @Override
    public String toString() {
        return identity.map(id -> address() + " (" + id + ")").orElse(address());
    }
}
