package io.culvert.gossip.wire;

import io.culvert.catalog.IpAddress;

/** Where a member's gossip socket is: datagrams and streams share the port. */
public record PeerAddress(IpAddress ip, int port) {
    public PeerAddress {
        if (port < 0 || port > 0xffff) {
            throw new IllegalArgumentException("port: " + port + " (expected: 0 to 65535)");
        }
    }

    /** Whether a packet can be sent there at all: a wildcard or port 0 names nobody. */
    public boolean isDialable() {
        return port != 0 && !ip.isUnspecified();
    }

    @Override
    public String toString() {
        return ip.isIpv4() ? ip + ":" + port : "[" + ip + "]:" + port;
    }
}
