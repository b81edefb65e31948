package io.culvert.gossip;

import io.culvert.catalog.IpAddress;
import io.culvert.gossip.wire.PeerAddress;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Where this host would reach itself: never a peer, whatever a name stands for. */
final class OwnAddresses {
    private static final Logger log = LoggerFactory.getLogger(OwnAddresses.class);

    /** Of a host that does not listen yet. */
    static final OwnAddresses NONE =
            new OwnAddresses(new PeerAddress(IpAddress.parse("0.0.0.0"), 0), IpAddress.parse("0.0.0.0"), Set.of());

    private final PeerAddress advertised;
    private final IpAddress bound;
    private final Set<IpAddress> local;

    /** @param local addresses of this host's interfaces; they count when {@code bound} is a wildcard */
    OwnAddresses(PeerAddress advertised, IpAddress bound, Set<IpAddress> local) {
        this.advertised = advertised;
        this.bound = bound;
        this.local = Set.copyOf(local);
    }

    /** Reads the addresses of the interfaces; quick, but a system call for each. */
    static OwnAddresses of(PeerAddress advertised, IpAddress bound) {
        Set<IpAddress> local = new LinkedHashSet<>();
        try {
            for (NetworkInterface link : Collections.list(NetworkInterface.getNetworkInterfaces())) {
                for (InetAddress address : Collections.list(link.getInetAddresses())) {
                    local.add(IpAddress.of(address.getAddress()));
                }
            }
        } catch (SocketException refused) {
            log.atWarn()
                    .addKeyValue("why", refused.getMessage())
                    .log(
                            "the interfaces of this host cannot be listed; only its advertised address is known as its own");
        }
        return new OwnAddresses(advertised, bound, local);
    }

    /** Whether a connection to {@code address} ends here. */
    boolean contains(PeerAddress address) {
        if (address.port() != advertised.port()) {
            return false;
        }
        IpAddress ip = address.ip();
        return ip.equals(advertised.ip())
                || ip.equals(bound)
                || bound.isUnspecified() && (ip.isLoopback() || local.contains(ip));
    }
}
