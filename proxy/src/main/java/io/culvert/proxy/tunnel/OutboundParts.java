package io.culvert.proxy.tunnel;

import io.culvert.catalog.CatalogInstance;
import io.culvert.catalog.CatalogView;
import io.culvert.catalog.NodeId;
import io.culvert.catalog.NodeRecord;
import io.culvert.identity.CertificateSource;
import io.culvert.proxy.ProxySettings;
import io.culvert.proxy.balance.Balancer;
import io.culvert.proxy.frame.Id128;
import io.culvert.proxy.relay.Dialer;
import io.culvert.proxy.relay.Wiring;
import io.netty.channel.EventLoop;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

/** What calls going out share. Immutable; each part says which threads may use it. */
record OutboundParts(
        ProxySettings settings,
        NodeId self,
        CatalogView catalog,
        CertificateSource certificates,
        Supplier<LocalInstances> local,
        Wiring wiring,
        Dialer dialer,
        Balancer balancer,
        StreamBook book,
        ClientContexts contexts,
        Map<EventLoop, TunnelPool> pools,
        PoolCounts counts,
        Supplier<Id128> ids,
        RandomGenerator random) {

    TunnelPool pool(EventLoop loop) {
        return Objects.requireNonNull(pools.get(loop), "a loop of another group");
    }

    /** Where the agent of an instance listens for TLS; empty when its node announces none. */
    static Optional<InetSocketAddress> tunnelAddress(CatalogInstance instance) {
        NodeRecord node = instance.host().node();
        if (node.tunnelPort() == 0) {
            return Optional.empty();
        }
        try {
            InetAddress address = InetAddress.getByAddress(node.address().bytes());
            return Optional.of(new InetSocketAddress(address, node.tunnelPort()));
        } catch (UnknownHostException e) {
            throw new IllegalStateException("an address of 4 or 16 bytes needs no look-up", e);
        }
    }
}
