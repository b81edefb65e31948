package io.culvert.proxy;

import io.culvert.catalog.IpAddress;
import io.culvert.proxy.relay.Dialer;
import io.netty.channel.unix.DomainSocketAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.util.function.Supplier;

/**
 * Addresses at which this agent itself takes streams: to dial one of them for a stream that has just come out of the mesh
 * would send it round for ever.
 */
final class OwnAddresses implements Dialer.LoopGuard {
    private final Proxy.Setup setup;
    private final Supplier<LocalServices> services;

    OwnAddresses(Proxy.Setup setup, Supplier<LocalServices> services) {
        this.setup = setup;
        this.services = services;
    }

    @Override
    public boolean leadsBack(SocketAddress address) {
        if (address instanceof InetSocketAddress inet) {
            return isLoopbackOfMesh(inet) || isUpstream(inet) || setup.port().isOwn(inet);
        }
        String path = address instanceof DomainSocketAddress unix
                ? unix.path()
                : address instanceof UnixDomainSocketAddress jdk ? jdk.getPath().toString() : "";
        return services.get().upstreams().stream()
                .anyMatch(upstream -> upstream.bind() instanceof Upstream.UnixBind bind
                        && bind.path().equals(path));
    }

    private boolean isLoopbackOfMesh(InetSocketAddress address) {
        IpAddress ip = IpAddress.of(address.getAddress().getAddress());
        return setup.loopback().get().pool().contains(ip);
    }

    private boolean isUpstream(InetSocketAddress address) {
        String host = address.getAddress().getHostAddress();
        return services.get().upstreams().stream()
                .anyMatch(upstream -> upstream.bind() instanceof Upstream.TcpBind bind
                        && bind.port() == address.getPort()
                        && bind.address().equals(host));
    }
}
