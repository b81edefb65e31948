package io.culvert.catalog;

/**
 * A TCP port.
 *
 * @param host a literal address or a host name, as declared
 * @param port 1 to 65535
 */
public record TcpEndpoint(String host, int port) implements Endpoint {
    public TcpEndpoint {
        if (port < 1 || port > 65_535) {
            throw new IllegalArgumentException("port: " + port + " (expected: 1 to 65535)");
        }
    }

    @Override
    public String toString() {
        return host.indexOf(':') >= 0 ? "[" + host + "]:" + port : host + ":" + port;
    }
}
