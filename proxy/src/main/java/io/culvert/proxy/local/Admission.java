package io.culvert.proxy.local;

import io.culvert.catalog.IpAddress;
import io.culvert.catalog.ServiceName;
import io.culvert.identity.CertificateSource;
import io.culvert.identity.SpiffeId;
import io.culvert.proxy.Upstream;
import io.culvert.proxy.frame.AppTransport;
import io.culvert.proxy.frame.Open;
import io.culvert.proxy.relay.AppLeg;
import io.culvert.proxy.tunnel.Call;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Says who is calling on a local socket, then lets the call go on; who cannot be told is broken off. A declared upstream
 * is its service. On a loopback address the user decides: the service that declares it, else the host itself.
 */
public final class Admission {
    private static final Logger log = LoggerFactory.getLogger(Admission.class);

    private final CertificateSource certificates;
    private final CallerLookup lookup;
    private final Accounts accounts;
    private final Executor worker;
    private final BiConsumer<Call, AppLeg> carry;
    private final Consumer<String> refused;
    private volatile CallerTable callers = CallerTable.EMPTY;

    /**
     * What it works with.
     *
     * @param worker looks names up, which blocks
     * @param carry gets each caller that is known, on its loop
     * @param refused hears of each that is not
     */
    public record Setup(
            CertificateSource certificates,
            CallerLookup lookup,
            Accounts accounts,
            Executor worker,
            BiConsumer<Call, AppLeg> carry,
            Consumer<String> refused) {}

    public Admission(Setup setup) {
        this.certificates = setup.certificates();
        this.lookup = setup.lookup();
        this.accounts = setup.accounts();
        this.worker = setup.worker();
        this.carry = setup.carry();
        this.refused = setup.refused();
    }

    /** Takes effect for callers to come. */
    void recognise(CallerTable table) {
        callers = table;
    }

    /** A caller on a loopback address. On its loop. */
    void loopback(AppLeg leg, ServiceName destination) {
        CallerTable table = callers;
        if (table.isEmpty()) {
            carryTcp(leg, certificates.agent().id(), "host", destination); // nobody to be told apart
            return;
        }
        byUser(leg, uid -> {
            Optional<ServiceName> service = table.service(uid);
            carryTcp(
                    leg,
                    service.<SpiffeId>map(certificates::identity)
                            .orElseGet(() -> certificates.agent().id()),
                    (service.isPresent() ? "uid " : "host, uid ") + Integer.toUnsignedString(uid),
                    destination);
        });
    }

    /** A caller on a TCP port that a service declares. On its loop. */
    void tcpUpstream(AppLeg leg, Upstream upstream, Allowed allowed) {
        SpiffeId source = certificates.identity(upstream.source());
        if (allowed.isEverybody()) {
            carryTcp(leg, source, "socket", upstream.destination());
            return;
        }
        byUser(leg, uid -> {
            if (allowed.allows(uid, Optional.empty())) {
                carryTcp(leg, source, "socket, uid " + Integer.toUnsignedString(uid), upstream.destination());
            } else {
                refuse(leg, "user " + uid + " may not use " + upstream.bind());
            }
        });
    }

    /** A caller on a UNIX socket that a service declares. On its loop. */
    void unixUpstream(AppLeg leg, Upstream upstream, Allowed allowed) {
        if (PeerCredentials.isQuick(leg.channel())) {
            identify(leg, upstream, allowed, Runnable::run);
            return;
        }
        try {
            worker.execute(() -> identify(leg, upstream, allowed, leg.channel().eventLoop()));
        } catch (RejectedExecutionException e) {
            refuse(leg, "the agent is stopping, or too many callers at once");
        }
    }

    private void identify(AppLeg leg, Upstream upstream, Allowed allowed, Executor back) {
        try {
            PeerCredentials peer = PeerCredentials.of(leg.channel(), accounts);
            back.execute(() -> admit(leg, upstream, allowed, peer));
        } catch (IOException e) {
            back.execute(() -> refuse(leg, "caller unknown: " + e.getMessage()));
        }
    }

    private void admit(AppLeg leg, Upstream upstream, Allowed allowed, PeerCredentials peer) {
        if (!allowed.allows(peer.uid(), peer.gid())) {
            refuse(leg, "user " + peer.uid() + " may not use " + upstream.bind());
            return;
        }
        carry.accept(
                new Call(
                        certificates.identity(upstream.source()),
                        "socket, uid " + Integer.toUnsignedString(peer.uid()),
                        upstream.destination(),
                        AppTransport.UNIX,
                        Optional.empty(),
                        upstream.bind().toString()),
                leg);
    }

    private void byUser(AppLeg leg, Consumer<Integer> known) {
        if (!(leg.channel().remoteAddress() instanceof InetSocketAddress caller)
                || !(leg.channel().localAddress() instanceof InetSocketAddress listener)) {
            refuse(leg, "the caller is gone already");
            return;
        }
        var unused = lookup.find(caller, listener)
                .whenComplete((answer, failure) -> leg.channel().eventLoop().execute(() -> {
                    if (answer != null && answer.uid().isPresent()) {
                        known.accept(answer.uid().get());
                    } else {
                        refuse(leg, answer == null ? String.valueOf(failure) : answer.reason());
                    }
                }));
    }

    private void carryTcp(AppLeg leg, SpiffeId source, String identification, ServiceName destination) {
        if (!(leg.channel().remoteAddress() instanceof InetSocketAddress caller)) {
            leg.abort(); // gone already
            return;
        }
        carry.accept(
                new Call(
                        source,
                        identification,
                        destination,
                        AppTransport.TCP,
                        Optional.of(
                                new Open.Caller(IpAddress.of(caller.getAddress().getAddress()), caller.getPort())),
                        caller.getAddress().getHostAddress() + ":" + caller.getPort()),
                leg);
    }

    private void refuse(AppLeg leg, String reason) {
        log.atDebug().addKeyValue("reason", reason).log("caller refused");
        leg.abort();
        refused.accept(reason);
    }
}
