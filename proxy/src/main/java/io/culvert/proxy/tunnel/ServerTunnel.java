package io.culvert.proxy.tunnel;

import io.culvert.catalog.Endpoint;
import io.culvert.catalog.ServiceName;
import io.culvert.catalog.UnixEndpoint;
import io.culvert.identity.Decision;
import io.culvert.identity.ServiceIdentity;
import io.culvert.proxy.CloseReason;
import io.culvert.proxy.LocalDestination;
import io.culvert.proxy.StreamRecord;
import io.culvert.proxy.frame.AppTransport;
import io.culvert.proxy.frame.FrameFault;
import io.culvert.proxy.frame.GoAwayReason;
import io.culvert.proxy.frame.Open;
import io.culvert.proxy.frame.Opened;
import io.culvert.proxy.frame.RefusalCode;
import io.culvert.proxy.frame.Refused;
import io.culvert.proxy.frame.ResetCode;
import io.culvert.proxy.relay.AppLeg;
import io.culvert.proxy.relay.Dialer;
import io.culvert.proxy.stream.ServerConnection;
import io.culvert.proxy.tls.StrangerReason;
import io.culvert.proxy.tls.TlsPeer;
import io.netty.channel.Channel;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The server end of a tunnel connection: one source, which its certificate names, to one service of this host, which the
 * server name chose. Nothing that the peer says later can change either.
 */
final class ServerTunnel extends TunnelLink<ServerConnection> implements Dialer.Outcome {
    private final InboundParts parts;
    private final TlsPeer peer;
    private final ServiceIdentity service;
    private @Nullable LiveStream live;
    private Dialer.@Nullable Dial dialing;
    private AppTransport transport = AppTransport.TCP;
    private long dialed;
    private boolean reported;

    ServerTunnel(InboundParts parts, TlsPeer peer, ServiceIdentity service, ServerConnection machine, Channel channel) {
        super(machine, channel, parts.wiring().clock(), parts.wiring().sweeper(channel.eventLoop()));
        this.parts = parts;
        this.peer = peer;
        this.service = service;
    }

    TlsPeer peer() {
        return peer;
    }

    ServiceIdentity service() {
        return service;
    }

    void accepted() {
        perform(machine.accepted(now()));
    }

    void goAway(GoAwayReason reason, Duration grace) {
        perform(machine.goAway(reason, Math.toIntExact(grace.toMillis()), now()));
    }

    /** The peer's certificate is no longer trusted. */
    void revoke(String message) {
        explain(message);
        kill(ResetCode.REVOKED, CloseReason.REVOKED);
    }

    @Override
    public void dial(Open open) {
        transport = AppTransport.TCP;
        dialed = now();
        LiveStream stream = parts.book()
                .begin(new LiveStream.Beginning(
                        new StreamRecord(
                                open.traceId().toString(),
                                StreamRecord.Direction.IN,
                                peer.id(),
                                "certificate",
                                String.valueOf(channel.remoteAddress()),
                                service.service(),
                                parts.wiring().calendar().now()),
                        service,
                        true,
                        channel.eventLoop(),
                        this::cut));
        live = stream;
        if (!isTarget(open.target())) {
            refuse(RefusalCode.BAD_FRAME, "OPEN for another service than the connection", CloseReason.PROTOCOL);
            misbehaved(FrameFault.MALFORMED, "OPEN for '" + open.target() + "' on a connection to " + service);
            goAway(GoAwayReason.IDENTITY_CHANGED, Duration.ZERO);
            return;
        }
        if (parts.wiring().calendar().now().isAfter(peer.notAfter())) {
            refuse(RefusalCode.IDENTITY_EXPIRED, "the certificate expired", CloseReason.IDENTITY_MISMATCH);
            return;
        }
        Decision decision = parts.book().judge(stream);
        if (!decision.allowed()) {
            refuse(RefusalCode.NOT_AUTHORIZED, decision.reason(), CloseReason.DENIED);
            return;
        }
        reach(stream, open);
    }

    /** The caller may; now, and not before, the application is dialled. */
    private void reach(LiveStream stream, Open open) {
        Optional<LocalDestination> destination = parts.local().get().find(service.service(), open.instanceId());
        if (destination.isEmpty()) {
            boolean known = parts.local().get().has(service.service());
            refuse(
                    known ? RefusalCode.UNKNOWN_INSTANCE : RefusalCode.UNKNOWN_SERVICE,
                    known
                            ? "no instance '" + open.instanceId() + "' here"
                            : service.service() + " is not here any more",
                    CloseReason.NO_INSTANCE);
            return;
        }
        Endpoint endpoint = destination.get().endpoint();
        transport = endpoint instanceof UnixEndpoint ? AppTransport.UNIX : AppTransport.TCP;
        stream.attempt(destination.get().instanceId(), "");
        dialing = parts.dialer().dial(channel.eventLoop(), endpoint, timeout(open), this);
    }

    private Duration timeout(Open open) {
        Duration own = parts.settings().connectTimeout();
        Duration asked = Duration.ofMillis(open.deadlineMillis());
        return asked.isZero() || asked.compareTo(own) > 0 ? own : asked;
    }

    @Override
    public void cancelDial() {
        if (dialing != null) {
            dialing.cancel();
            dialing = null;
        }
    }

    @Override
    public void connected(AppLeg leg) {
        dialing = null;
        LiveStream stream = live;
        if (stream == null || !machine.isConnecting()) {
            leg.abort();
            return;
        }
        stream.opened();
        attach(leg);
        long micros = (now() - dialed) / 1_000;
        perform(machine.appOpened(transport, (int) Math.min(Math.max(0, micros), Integer.MAX_VALUE)));
        leg.start();
    }

    @Override
    public void failed(Dialer.Failure failure, String message) {
        dialing = null;
        RefusalCode code = switch (failure) {
            case REFUSED, UNREACHABLE -> RefusalCode.CONNECT_REFUSED;
            case TIMED_OUT -> RefusalCode.CONNECT_TIMEOUT;
            case LOOP -> RefusalCode.LOOP;
        };
        refuse(code, message, CloseReason.REFUSED_APP);
    }

    @Override
    public void ended(CloseReason reason) {
        LiveStream stream = live;
        if (stream != null) {
            live = null;
            stream.end(reason, "");
        }
    }

    @Override
    void legClosed() {
        perform(machine.appClosed(now()));
    }

    @Override
    void countSent(int bytes) {
        if (live != null) {
            live.in(bytes);
        }
    }

    @Override
    void countReceived(int bytes) {
        if (live != null) {
            live.out(bytes);
        }
    }

    @Override
    void misbehaved(FrameFault fault, String detail) {
        if (!reported) {
            reported = true;
            parts.strangers()
                    .refused(
                            StrangerReason.PROTOCOL_BROKEN,
                            channel.remoteAddress(),
                            peer.id() + ": " + fault + ": " + detail);
        }
    }

    @Override
    void gone() {
        parts.tunnels().remove(this);
    }

    @Override
    public void opened(Opened opened) {
        throw new IllegalStateException("a server does not open");
    }

    @Override
    public void refused(Refused refused) {
        throw new IllegalStateException("a server is not refused");
    }

    @Override
    public void reusable() {
        throw new IllegalStateException("a server does not reuse");
    }

    /** From the live table. */
    private void cut(CloseReason reason, String message) {
        if (live == null) {
            return;
        }
        if (machine.isConnecting()) {
            cancelDial();
            boolean denied = reason == CloseReason.DENIED_LATE;
            refuse(
                    denied ? RefusalCode.NOT_AUTHORIZED : RefusalCode.DRAINING,
                    message,
                    denied ? CloseReason.DENIED : reason);
        } else {
            explain(message);
            kill(reason == CloseReason.DENIED_LATE ? ResetCode.POLICY : ResetCode.DRAIN_DEADLINE, reason);
        }
    }

    private void explain(String message) {
        if (live != null) {
            live.explain(message);
        }
    }

    private void refuse(RefusalCode code, String message, CloseReason reason) {
        explain(message);
        perform(machine.appFailed(code, message, reason, now()));
    }

    private boolean isTarget(String target) {
        return target.equalsIgnoreCase(service.service().text()) && isName(target);
    }

    private static boolean isName(String target) {
        try {
            return !new ServiceName(target).text().isEmpty();
        } catch (IllegalArgumentException e) {
            return false;
        }
    }
}
