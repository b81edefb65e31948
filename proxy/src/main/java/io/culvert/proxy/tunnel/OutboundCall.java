package io.culvert.proxy.tunnel;

import io.culvert.catalog.CatalogInstance;
import io.culvert.catalog.CatalogService;
import io.culvert.identity.Decision;
import io.culvert.identity.ServiceIdentity;
import io.culvert.identity.WorkloadCertificate;
import io.culvert.proxy.CloseReason;
import io.culvert.proxy.LocalDestination;
import io.culvert.proxy.balance.Balancer;
import io.culvert.proxy.balance.InstanceKey;
import io.culvert.proxy.frame.Id128;
import io.culvert.proxy.frame.Open;
import io.culvert.proxy.frame.Opened;
import io.culvert.proxy.frame.RefusalCode;
import io.culvert.proxy.frame.Refused;
import io.culvert.proxy.relay.AppLeg;
import io.culvert.proxy.relay.Dialer;
import io.culvert.proxy.relay.LegListener;
import io.netty.buffer.ByteBuf;
import io.netty.channel.EventLoop;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * One caller on its way to a service: picks an instance, gets a connection, asks, and on failure tries another one, for
 * as long as no byte of the caller has left and the budget lasts. Confined to the caller's loop.
 */
final class OutboundCall implements LegListener, ClientTunnel.Owner, TunnelPool.Waiter, Dialer.Outcome {
    /** Spreads second tries of many callers that failed together. */
    private static final int RETRY_JITTER_MILLIS = 50;

    private final OutboundParts parts;
    private final Call call;
    private final AppLeg leg;
    private final EventLoop loop;
    private final ServiceIdentity destination;
    private final Id128 traceId;
    private final LiveStream live;
    private final long giveUpAt;
    private final Set<InstanceKey> tried = new LinkedHashSet<>();
    private String lastFailure = "";
    private CloseReason lastReason = CloseReason.NO_INSTANCE;

    private @Nullable CatalogInstance instance;
    private @Nullable CatalogInstance unheard; // to be asked once more on a new connection when no other is left
    private @Nullable PoolKey waitingFor;
    private @Nullable ClientTunnel tunnel;
    private Dialer.@Nullable Dial dialing;
    private @Nullable DirectStream direct;
    private boolean countedActive;
    private boolean retriedFresh;
    private boolean over;

    OutboundCall(OutboundParts parts, Call call, AppLeg leg) {
        this.parts = parts;
        this.call = call;
        this.leg = leg;
        this.loop = leg.channel().eventLoop();
        this.destination = parts.certificates().identity(call.destination());
        this.traceId = parts.ids().get();
        this.giveUpAt = now() + parts.settings().timers().open().toNanos();
        this.live = parts.book()
                .begin(new LiveStream.Beginning(
                        call.stream(traceId, parts.wiring().calendar().now()), destination, false, loop, this::cut));
    }

    void start() {
        leg.listen(this);
        if (!over) {
            next();
        }
    }

    // --- picking ---

    private void next() {
        if (over) {
            return;
        }
        instance = null;
        Optional<CatalogService> service = parts.catalog().current().service(call.destination());
        Optional<CatalogInstance> picked = tried.size() >= parts.settings().attempts() || now() - giveUpAt >= 0
                ? Optional.empty()
                : service.flatMap(found -> parts.balancer().pick(found, tried, now()));
        CatalogInstance silent = unheard;
        if (picked.isPresent()) {
            begin(picked.get(), false);
        } else if (silent != null) {
            unheard = null;
            begin(silent, true);
        } else if (!lastFailure.isEmpty()) {
            fail(lastReason, lastFailure);
        } else {
            String unknown = "no service " + call.destination() + " is known (see 'culvert services')";
            fail(lastReason, service.map(Balancer::explain).orElse(unknown));
        }
    }

    private void begin(CatalogInstance picked, boolean fresh) {
        InstanceKey key = InstanceKey.of(picked);
        instance = picked;
        tried.add(key);
        retriedFresh = fresh;
        live.attempt(picked.service().id(), picked.host().node().name().text());
        parts.balancer().streamBegun(key);
        countedActive = true;
        if (picked.host().id().equals(parts.self())) {
            dialHere(picked);
        } else {
            acquire(picked, fresh);
        }
    }

    private void again(CloseReason reason, String message) {
        releaseInstance();
        lastReason = reason;
        lastFailure = message;
        int pause = parts.random().nextInt(RETRY_JITTER_MILLIS);
        loop.schedule(this::next, pause, TimeUnit.MILLISECONDS);
    }

    // --- this host ---

    private void dialHere(CatalogInstance picked) {
        Optional<LocalDestination> local =
                parts.local().get().find(call.destination(), picked.service().id());
        Decision decision = parts.book().judgeHere(live);
        if (!decision.allowed()) {
            fail(CloseReason.DENIED, decision.reason());
        } else if (local.isEmpty()) {
            again(CloseReason.NO_INSTANCE, picked.service().id() + " is not an instance of this host any more");
        } else {
            dialing = parts.dialer()
                    .dial(loop, local.get().endpoint(), left(parts.settings().connectTimeout()), this);
        }
    }

    @Override
    public void connected(AppLeg application) {
        dialing = null;
        parts.balancer().succeeded(key());
        live.opened();
        DirectStream stream = new DirectStream(
                new DirectStream.Legs(leg, application),
                live,
                parts.wiring().clock(),
                parts.wiring().sweeper(loop),
                parts.settings().timers().halfClosed());
        direct = stream;
        live.whenEnded(this::releaseInstance);
        stream.start();
    }

    @Override
    public void failed(Dialer.Failure failure, String message) {
        dialing = null;
        parts.balancer().instanceFailed(key(), now());
        again(CloseReason.REFUSED_APP, message);
    }

    // --- another host ---

    private void acquire(CatalogInstance picked, boolean fresh) {
        Optional<WorkloadCertificate> own = parts.contexts().certificate(call.source());
        if (own.isEmpty()) {
            fail(
                    CloseReason.CONNECT_FAILED,
                    "no certificate for " + call.source().intentionSource()
                            + " yet (a server must be reachable once: see 'culvert status')");
            return;
        }
        Optional<java.net.InetSocketAddress> agent = OutboundParts.tunnelAddress(picked);
        if (agent.isEmpty()) {
            again(CloseReason.CONNECT_FAILED, picked.host().node().name() + " announces no TLS port");
            return;
        }
        ServiceIdentity there = new ServiceIdentity(
                destination.trustDomain(), picked.host().node().datacenter(), call.destination());
        PoolKey key =
                new PoolKey(call.source(), there, agent.get(), parts.contexts().generation(own.get()));
        waitingFor = key;
        parts.pool(loop).acquire(key, own.get(), fresh, this);
    }

    @Override
    public void acquired(ClientTunnel acquired) {
        waitingFor = null;
        CatalogInstance picked = instance;
        if (over || picked == null) {
            return; // the connection came too late for this caller; its HELLO brings it back to the pool
        }
        tunnel = acquired;
        Duration budget = left(parts.settings().timers().answer());
        Open open = call.open(acquired.machine.ordinal(), picked.service().id(), traceId, budget);
        acquired.open(this, open, budget);
    }

    @Override
    public void failed(ConnectFailure failure) {
        waitingFor = null;
        if (over) {
            return;
        }
        switch (failure.kind()) {
            case OWN_IDENTITY -> fail(CloseReason.CONNECT_FAILED, failure.message());
            case WRONG_IDENTITY -> {
                parts.balancer().hostFailed(key().host(), now());
                again(CloseReason.IDENTITY_MISMATCH, failure.message());
            }
            case UNREACHABLE, HANDSHAKE -> {
                parts.balancer().hostFailed(key().host(), now());
                again(CloseReason.CONNECT_FAILED, failure.message());
            }
        }
    }

    @Override
    public void opened(Opened opened) {
        ClientTunnel carrier = tunnel;
        if (over || carrier == null) {
            return;
        }
        parts.balancer().succeeded(key());
        live.opened();
        carrier.attach(leg);
        leg.start();
    }

    @Override
    public void refused(Refused refused) {
        tunnel = null;
        if (over) {
            return;
        }
        RefusalCode code = refused.code();
        if (code == RefusalCode.CONNECT_REFUSED || code == RefusalCode.CONNECT_TIMEOUT) {
            parts.balancer().instanceFailed(key(), now());
        }
        CloseReason reason = Reasons.of(code);
        switch (refused.retryable()) {
            case NO -> fail(reason, refused.message());
            case OTHER_INSTANCE -> again(reason, refused.message());
            case NEW_CONNECTION -> freshOrAgain(reason, refused.message());
        }
    }

    @Override
    public void failed(CloseReason reason) {
        ClientTunnel carrier = tunnel;
        tunnel = null;
        if (over) {
            return;
        }
        boolean aged = carrier != null && carrier.isReused();
        if (aged && reason == CloseReason.TUNNEL_LOST) {
            parts.counts().stale();
            freshOrAgain(CloseReason.TUNNEL_LOST, "the connection to the other agent broke");
        } else if (aged && reason == CloseReason.TIMEOUT) {
            parts.counts().stale();
            unheard = instance; // its agent or only this connection: another instance is the better bet
            again(reason, "the other agent does not answer");
        } else {
            parts.balancer().hostFailed(key().host(), now());
            again(
                    reason == CloseReason.TUNNEL_LOST ? CloseReason.CONNECT_FAILED : reason,
                    "the other agent ended the connection before it answered"
                            + " (it may not accept our certificate, or be stopping)");
        }
    }

    /** The same instance once more on a new connection, which does not count as a try. */
    private void freshOrAgain(CloseReason reason, String message) {
        CatalogInstance same = instance;
        if (retriedFresh || same == null) {
            again(reason, message);
        } else {
            retriedFresh = true;
            acquire(same, true);
        }
    }

    @Override
    public void ended(CloseReason reason) {
        tunnel = null;
        finish(reason, "");
    }

    @Override
    public void countOut(int bytes) {
        live.out(bytes);
    }

    @Override
    public void countIn(int bytes) {
        live.in(bytes);
    }

    // --- the caller, for as long as there is no stream ---

    @Override
    public void data(ByteBuf bytes) {
        bytes.release(); // cannot come before start
    }

    @Override
    public void ended() {}

    @Override
    public void broken() {
        if (!over) {
            abandonAttempt();
            leg.abort();
            finish(CloseReason.CLIENT_RESET, "the caller left before the stream was open");
        }
    }

    @Override
    public void closed() {
        broken();
    }

    // --- ends ---

    /** No stream: the caller sees a reset, never an end that looks like an answer. */
    private void fail(CloseReason reason, String message) {
        if (!over) {
            abandonAttempt();
            leg.abort();
            finish(reason, message);
        }
    }

    /** From the live table. */
    private void cut(CloseReason reason, String message) {
        if (over) {
            return;
        }
        if (direct != null) {
            direct.cut(reason, message);
        } else if (tunnel != null && live.isOpened()) {
            live.explain(message);
            tunnel.kill(Reasons.resetCode(reason), reason);
        } else {
            fail(reason, message);
        }
    }

    private void finish(CloseReason reason, String message) {
        if (!over) {
            over = true;
            releaseInstance();
            live.end(reason, message);
        }
    }

    private void abandonAttempt() {
        if (waitingFor != null) {
            parts.pool(loop).cancel(waitingFor, this);
            waitingFor = null;
        }
        if (dialing != null) {
            dialing.cancel();
            dialing = null;
        }
        if (tunnel != null) {
            tunnel.cancel();
            tunnel = null;
        }
    }

    private void releaseInstance() {
        if (countedActive && instance != null) {
            countedActive = false;
            parts.balancer().streamEnded(key());
        }
    }

    private InstanceKey key() {
        CatalogInstance present = instance;
        if (present == null) {
            throw new IllegalStateException("no instance chosen");
        }
        return InstanceKey.of(present);
    }

    private long now() {
        return parts.wiring().clock().nanos();
    }

    private Duration left(Duration most) {
        long left = Math.max(1_000_000, giveUpAt - now());
        return Duration.ofNanos(Math.min(left, most.toNanos()));
    }
}
