package io.culvert.proxy.tunnel;

import io.culvert.catalog.CatalogView;
import io.culvert.catalog.NodeId;
import io.culvert.identity.CertificateSource;
import io.culvert.proxy.ProxySettings;
import io.culvert.proxy.ProxyStatus;
import io.culvert.proxy.balance.Balancer;
import io.culvert.proxy.frame.Id128;
import io.culvert.proxy.relay.AppLeg;
import io.culvert.proxy.relay.Dialer;
import io.culvert.proxy.relay.Wiring;
import io.culvert.proxy.tls.TlsContexts;
import io.netty.channel.EventLoop;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

/** Carries callers of this host to instances of services, here or on other hosts. Any thread, unless said otherwise. */
public final class TunnelClient implements AutoCloseable {
    private final OutboundParts parts;

    /**
     * What a client is built from.
     *
     * @param incarnation of this agent, told to peers
     * @param random safe for all loops
     */
    public record Setup(
            ProxySettings settings,
            NodeId self,
            CatalogView catalog,
            CertificateSource certificates,
            TlsContexts tls,
            Supplier<LocalInstances> local,
            Wiring wiring,
            Dialer dialer,
            Balancer balancer,
            StreamBook book,
            Supplier<Id128> ids,
            RandomGenerator random,
            long incarnation) {}

    public TunnelClient(Setup setup) {
        ClientContexts contexts = new ClientContexts(setup.certificates(), setup.tls());
        TunnelConnector connector = new TunnelConnector(
                setup.settings(), setup.wiring(), contexts, setup.ids(), setup.random(), setup.incarnation());
        PoolCounts counts = new PoolCounts();
        Map<EventLoop, TunnelPool> pools = new IdentityHashMap<>();
        for (EventLoop loop : setup.wiring().eachLoop()) {
            pools.put(loop, new TunnelPool(loop, setup.settings(), setup.wiring(), connector, counts));
        }
        this.parts = new OutboundParts(
                setup.settings(),
                setup.self(),
                setup.catalog(),
                setup.certificates(),
                setup.local(),
                setup.wiring(),
                setup.dialer(),
                setup.balancer(),
                setup.book(),
                contexts,
                pools,
                counts,
                setup.ids(),
                setup.random());
    }

    /** Takes {@code leg} to where {@code call} wants. On the leg's loop; the leg is not started yet. */
    public void carry(Call call, AppLeg leg) {
        new OutboundCall(parts, call, leg).start();
    }

    /** A certificate or the bundle has changed: connections made from older ones take no further stream. */
    public void retireOutdated() {
        retire(tunnel -> parts.contexts()
                .certificate(tunnel.key().source())
                .map(own ->
                        !parts.contexts().generation(own).equals(tunnel.key().generation()))
                .orElse(true));
    }

    public ProxyStatus.TunnelCounts counts() {
        return parts.counts().show();
    }

    /** Closes idle connections; those that carry a stream close after it. */
    @Override
    public void close() {
        parts.pools().forEach((loop, pool) -> loop.execute(pool::close));
        parts.contexts().close();
    }

    private void retire(Predicate<ClientTunnel> which) {
        parts.pools().forEach((loop, pool) -> loop.execute(() -> pool.retire(which)));
    }
}
