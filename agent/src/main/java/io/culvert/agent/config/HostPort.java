package io.culvert.agent.config;

import io.culvert.catalog.IpAddress;
import java.util.Optional;

/** {@code host:port} or {@code [address]:port}. */
record HostPort(String host, int port) {
    /** Empty for everything else. */
    static Optional<HostPort> parse(String text) {
        int colon = text.lastIndexOf(':');
        if (colon <= 0 || !text.substring(colon + 1).matches("[0-9]{1,5}")) {
            return Optional.empty();
        }
        int port = Integer.parseInt(text.substring(colon + 1));
        String host = text.substring(0, colon);
        if (host.startsWith("[") && host.endsWith("]")) {
            host = host.substring(1, host.length() - 1);
            if (IpAddress.tryParse(host).filter(ip -> !ip.isIpv4()).isEmpty()) {
                return Optional.empty();
            }
        } else if (host.indexOf(':') >= 0 || !Rules.isHost(host)) {
            return Optional.empty();
        }
        return port < 1 || port > 65_535 ? Optional.empty() : Optional.of(new HostPort(host, port));
    }
}
