package io.culvert.proxy.tunnel;

import io.culvert.catalog.ServiceName;
import io.culvert.identity.CertificateSource;
import io.culvert.identity.PeerExpectation;
import io.culvert.identity.PeerVerdict;
import io.culvert.identity.PeerVerifier;
import io.culvert.identity.ServiceIdentity;
import io.culvert.identity.TrustBundle;
import io.culvert.identity.WorkloadCertificate;
import io.culvert.proxy.ProxySettings;
import io.culvert.proxy.frame.GoAwayReason;
import io.culvert.proxy.frame.Hello;
import io.culvert.proxy.frame.Id128;
import io.culvert.proxy.frame.Limits;
import io.culvert.proxy.relay.Dialer;
import io.culvert.proxy.relay.SocketOptions;
import io.culvert.proxy.relay.Wiring;
import io.culvert.proxy.stream.ServerConnection;
import io.culvert.proxy.tls.HandlerSource;
import io.culvert.proxy.tls.RotatingContext;
import io.culvert.proxy.tls.ServerNames;
import io.culvert.proxy.tls.StrangerReason;
import io.culvert.proxy.tls.TlsContexts;
import io.culvert.proxy.tls.TlsPeer;
import io.culvert.proxy.tls.TlsPort;
import io.culvert.proxy.tls.TlsProtocol;
import io.netty.channel.Channel;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLPeerUnverifiedException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lets streams of other agents in: one server name on the TLS port for each local service, with that service's
 * certificate. {@link #serve}, {@link #refresh} and {@link #close} are called from one thread, the proxy's worker.
 */
public final class TunnelServer implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(TunnelServer.class);

    private final InboundParts parts;
    private final TlsContexts tls;
    private final TlsPort port;
    private final Map<ServiceName, Served> served = new HashMap<>();

    /** What a server is built from. */
    public record Setup(
            ProxySettings settings,
            CertificateSource certificates,
            TlsContexts tls,
            TlsPort port,
            Supplier<LocalInstances> local,
            Wiring wiring,
            Dialer dialer,
            StreamBook book,
            Supplier<Id128> ids,
            long incarnation) {}

    public TunnelServer(Setup setup) {
        this.tls = setup.tls();
        this.port = setup.port();
        this.parts = new InboundParts(
                setup.settings(),
                setup.certificates(),
                setup.local(),
                setup.wiring(),
                setup.dialer(),
                setup.book(),
                setup.port().strangers(),
                ConcurrentHashMap.newKeySet(),
                setup.ids(),
                setup.incarnation());
    }

    /** A service behind the port, and what its present certificate is. */
    private static final class Served {
        final TlsPort.Registration registration;
        final AtomicContext context;
        ClientContexts.@Nullable Generation generation;

        Served(TlsPort.Registration registration, AtomicContext context) {
            this.registration = registration;
            this.context = context;
        }
    }

    /** A context that may not be there yet. */
    private static final class AtomicContext implements AutoCloseable {
        private @Nullable RotatingContext present; // guarded by this

        synchronized void swap(io.netty.handler.ssl.SslContext next) {
            if (present == null) {
                present = new RotatingContext(next);
            } else {
                present.swap(next);
            }
        }

        synchronized HandlerSource source() {
            RotatingContext now = present;
            return now == null ? allocator -> Optional.empty() : now;
        }

        @Override
        public synchronized void close() {
            if (present != null) {
                present.close();
            }
        }
    }

    /** Serves exactly these from now on; connections of a service that went away finish their stream. */
    public void serve(Set<ServiceName> services) {
        for (ServiceName gone : without(served.keySet(), services)) {
            Served old = served.remove(gone);
            if (old != null) {
                old.registration.close();
                old.context.close();
                goAway(tunnel -> tunnel.service().service().equals(gone), GoAwayReason.IDENTITY_CHANGED);
            }
        }
        for (ServiceName added : without(services, served.keySet())) {
            served.put(added, register(added));
        }
        refresh();
    }

    /** Takes the newest certificates and bundle for connections to come. */
    public void refresh() {
        TrustBundle bundle = parts.certificates().bundle();
        served.forEach((service, entry) -> {
            WorkloadCertificate own = parts.certificates().current(service);
            if (own == null) {
                return;
            }
            ClientContexts.Generation generation = new ClientContexts.Generation(own.generation(), bundle.generation());
            if (!generation.equals(entry.generation)) {
                swap(service, entry, own, bundle);
                entry.generation = generation;
            }
        });
    }

    /** The bundle has changed: cuts connections whose peer no longer leads to one of its roots. */
    public void verifyAll() {
        TrustBundle bundle = parts.certificates().bundle();
        PeerVerifier verifier = new PeerVerifier(bundle);
        for (ServerTunnel tunnel : parts.tunnels()) {
            // As of the time at which it was let in: that a certificate has expired since is another question.
            PeerVerdict verdict = verifier.verify(
                    tunnel.peer().chain(),
                    PeerExpectation.anyClient(),
                    tunnel.peer().notAfter().minusSeconds(1));
            String rejection = verdict.fold(verified -> "", PeerVerdict.Rejected::sentence);
            if (!rejection.isEmpty()) {
                log.atInfo()
                        .addKeyValue("peer", tunnel.peer().id())
                        .addKeyValue("reason", rejection)
                        .log("connection cut: its peer is no longer trusted");
                tunnel.channel.eventLoop().execute(() -> tunnel.revoke(rejection));
            }
        }
    }

    /** Takes no further stream; those that are open go on. */
    @Override
    public void close() {
        for (Served entry : served.values()) {
            entry.registration.close();
            entry.context.close();
        }
        served.clear();
        goAway(tunnel -> true, GoAwayReason.DRAINING);
    }

    /** Breaks off what is left. */
    public void abortAll() {
        for (ServerTunnel tunnel : parts.tunnels()) {
            tunnel.channel.eventLoop().execute(tunnel::abortConnection);
        }
    }

    private Served register(ServiceName service) {
        ServiceIdentity identity = parts.certificates().identity(service);
        AtomicContext context = new AtomicContext();
        TlsPort.Registration registration = port.register(
                ServerNames.label(identity),
                new TlsProtocol(
                        allocator -> context.source().newHandler(allocator),
                        TlsProtocol.STREAMS,
                        channel -> accept(channel, identity)));
        return new Served(registration, context);
    }

    private void swap(ServiceName service, Served entry, WorkloadCertificate own, TrustBundle bundle) {
        try {
            entry.context.swap(tls.mutualServer(own, bundle, TlsProtocol.STREAMS));
        } catch (SSLException e) {
            log.atError()
                    .addKeyValue("service", service)
                    .setCause(e)
                    .log("certificate cannot be used; the one before stays in force");
        }
    }

    /** A handshake is complete: the certificate is good. Whether anything may be opened is asked at once and each time. */
    private void accept(Channel channel, ServiceIdentity service) {
        try {
            TlsPeer peer = TlsPeer.of(channel);
            SocketOptions.tunnelOpened(channel);
            ServerConnection machine = new ServerConnection(parts.settings().timers(), hello());
            ServerTunnel tunnel = new ServerTunnel(parts, peer, service, machine, channel);
            parts.tunnels().add(tunnel);
            tunnel.install();
            tunnel.accepted();
            if (!parts.book().isAllowed(peer.id(), service)) {
                parts.strangers()
                        .refused(
                                StrangerReason.DENIED,
                                channel.remoteAddress(),
                                peer.id().intentionSource() + " to " + service.service());
            }
        } catch (SSLPeerUnverifiedException e) {
            parts.strangers()
                    .refused(StrangerReason.NO_IDENTITY, channel.remoteAddress(), String.valueOf(e.getMessage()));
            channel.close();
        }
    }

    private void goAway(java.util.function.Predicate<ServerTunnel> which, GoAwayReason reason) {
        Duration grace = parts.settings().timers().goAwayGrace();
        for (ServerTunnel tunnel : parts.tunnels()) {
            if (which.test(tunnel)) {
                tunnel.channel.eventLoop().execute(() -> tunnel.goAway(reason, grace));
            }
        }
    }

    private Hello hello() {
        return new Hello(
                Hello.VERSION,
                0,
                parts.incarnation(),
                Limits.DATA,
                0,
                Math.toIntExact(parts.settings().timers().serverIdle().toMillis()),
                0,
                parts.ids().get());
    }

    private static Set<ServiceName> without(Set<ServiceName> all, Set<ServiceName> some) {
        Set<ServiceName> left = new HashSet<>(all);
        left.removeAll(some);
        return left;
    }
}
