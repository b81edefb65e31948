package io.culvert.gossip;

import io.culvert.catalog.IpAddress;
import io.culvert.gossip.wire.PeerAddress;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Turns what people write into addresses. Blocks on the resolver: never on the gossip loop. */
final class HostResolver {
    private static final Logger log = LoggerFactory.getLogger(HostResolver.class);
    /** Addresses of one name that are tried: a name with more is a mistake or an attack. */
    private static final int MOST_ADDRESSES = 16;

    private HostResolver() {}

    static Set<PeerAddress> resolve(List<HostPort> hosts) {
        Set<PeerAddress> addresses = new LinkedHashSet<>();
        for (HostPort host : hosts) {
            addresses.addAll(resolve(host));
        }
        return addresses;
    }

    private static List<PeerAddress> resolve(HostPort host) {
        Optional<IpAddress> literal = IpAddress.tryParse(host.host());
        if (literal.isPresent()) {
            return List.of(new PeerAddress(literal.get(), host.port()));
        }
        List<PeerAddress> addresses = new ArrayList<>();
        try {
            for (InetAddress address : InetAddress.getAllByName(host.host())) {
                if (addresses.size() < MOST_ADDRESSES) {
                    addresses.add(new PeerAddress(IpAddress.of(address.getAddress()), host.port()));
                }
            }
        } catch (UnknownHostException unknown) {
            log.atWarn()
                    .addKeyValue("host", host)
                    .log("cannot be resolved, so it is not asked for the pool; tried again later");
        }
        return addresses;
    }
}
