package io.culvert.gossip.transport;

import io.culvert.catalog.IpAddress;
import io.culvert.gossip.wire.PeerAddress;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;

/** Between the pool's addresses and those of sockets. Never asks a resolver. */
final class Addresses {
    private Addresses() {}

    static InetSocketAddress socket(PeerAddress address) {
        return new InetSocketAddress(inet(address.ip()), address.port());
    }

    static InetAddress inet(IpAddress ip) {
        try {
            return InetAddress.getByAddress(ip.bytes());
        } catch (UnknownHostException impossible) {
            throw new IllegalStateException("4 or 16 bytes are an address: " + ip, impossible);
        }
    }

    static PeerAddress peer(InetSocketAddress address) {
        return new PeerAddress(IpAddress.of(address.getAddress().getAddress()), address.getPort());
    }
}
