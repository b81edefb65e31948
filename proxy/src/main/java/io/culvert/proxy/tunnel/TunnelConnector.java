package io.culvert.proxy.tunnel;

import io.culvert.identity.WorkloadCertificate;
import io.culvert.proxy.ProxySettings;
import io.culvert.proxy.frame.Hello;
import io.culvert.proxy.frame.Id128;
import io.culvert.proxy.frame.Limits;
import io.culvert.proxy.relay.SocketOptions;
import io.culvert.proxy.relay.Wiring;
import io.culvert.proxy.stream.ClientConnection;
import io.culvert.proxy.tls.RotatingContext;
import io.culvert.proxy.tls.ServerNames;
import io.culvert.proxy.tls.TlsPeer;
import io.culvert.proxy.tls.TlsProtocol;
import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoop;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLPeerUnverifiedException;

/** Connects to other agents: TCP, TLS, and the check that it is the right service that answered. On the given loop. */
final class TunnelConnector {
    private final ProxySettings settings;
    private final Wiring wiring;
    private final ClientContexts contexts;
    private final Supplier<Id128> ids;
    private final RandomGenerator random;
    private final long incarnation;

    TunnelConnector(
            ProxySettings settings,
            Wiring wiring,
            ClientContexts contexts,
            Supplier<Id128> ids,
            RandomGenerator random,
            long incarnation) {
        this.settings = settings;
        this.wiring = wiring;
        this.contexts = contexts;
        this.ids = ids;
        this.random = random;
        this.incarnation = incarnation;
    }

    /** Exactly one of the two is called, on the loop. */
    interface Outcome {
        /** The channel belongs to the hearer, which has to install a {@link ClientTunnel}. */
        void connected(Channel channel, ClientConnection machine);

        void failed(ConnectFailure failure);
    }

    void connect(EventLoop loop, PoolKey key, WorkloadCertificate own, Outcome outcome) {
        RotatingContext context;
        try {
            context = contexts.context(own);
        } catch (SSLException e) {
            outcome.failed(new ConnectFailure(
                    ConnectFailure.Kind.OWN_IDENTITY,
                    "the certificate of " + own.id() + " cannot be used: " + e.getMessage()));
            return;
        }
        Attempt attempt = new Attempt(key, context, own.notAfter(), outcome);
        Bootstrap bootstrap = new Bootstrap()
                .group(loop)
                .channel(wiring.transport().tcp())
                .handler(new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        channel.pipeline().addLast(attempt);
                    }
                });
        SocketOptions.tunnel(bootstrap, settings.connectTimeout());
        ChannelFuture connecting = bootstrap.connect(key.agent());
        connecting.addListener(done -> {
            if (!done.isSuccess()) {
                attempt.fail(ConnectFailure.Kind.UNREACHABLE, connecting.channel(), done.cause());
            }
        });
    }

    /** One connection on its way. */
    private final class Attempt extends ChannelInboundHandlerAdapter {
        private final PoolKey key;
        private final RotatingContext context;
        private final Instant ownExpiry;
        private final Outcome outcome;
        private boolean over;

        Attempt(PoolKey key, RotatingContext context, Instant ownExpiry, Outcome outcome) {
            this.key = key;
            this.context = context;
            this.ownExpiry = ownExpiry;
            this.outcome = outcome;
        }

        @Override
        public void channelActive(ChannelHandlerContext ctx) {
            SocketOptions.tunnelOpened(ctx.channel());
            String label = ServerNames.label(key.destination());
            Optional<SslHandler> tls = context.newHandler(
                    ctx.alloc(), ServerNames.serverName(label), key.agent().getPort());
            if (tls.isEmpty()) {
                fail(ConnectFailure.Kind.UNREACHABLE, ctx.channel(), new SSLException("the agent is stopping"));
                return;
            }
            tls.get().setHandshakeTimeoutMillis(settings.handshakeTimeout().toMillis());
            ctx.pipeline().addFirst("tls", tls.get());
        }

        @Override
        public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
            if (event instanceof SslHandshakeCompletionEvent completion) {
                if (completion.isSuccess()) {
                    check(ctx);
                } else {
                    fail(ConnectFailure.Kind.HANDSHAKE, ctx.channel(), completion.cause());
                }
            }
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
            fail(ConnectFailure.Kind.HANDSHAKE, ctx.channel(), cause);
        }

        @Override
        public void channelInactive(ChannelHandlerContext ctx) {
            fail(
                    ConnectFailure.Kind.HANDSHAKE,
                    ctx.channel(),
                    new SSLException("the other agent closed the connection during the handshake"));
        }

        /** The bundle vouches for any service of the mesh; only one of them is the right one. */
        private void check(ChannelHandlerContext ctx) {
            try {
                TlsPeer peer = TlsPeer.of(ctx.channel());
                SslHandler tls = ctx.pipeline().get(SslHandler.class);
                if (!peer.id().equals(key.destination())) {
                    fail(
                            ConnectFailure.Kind.WRONG_IDENTITY,
                            ctx.channel(),
                            new SSLPeerUnverifiedException(
                                    "the peer is " + peer.id() + " (expected: " + key.destination() + ")"));
                } else if (!TlsProtocol.STREAMS.equals(tls.applicationProtocol())) {
                    fail(
                            ConnectFailure.Kind.HANDSHAKE,
                            ctx.channel(),
                            new SSLException("the peer does not speak " + TlsProtocol.STREAMS));
                } else if (!over) {
                    over = true;
                    outcome.connected(ctx.channel(), machine(peer));
                    ctx.pipeline().remove(this);
                }
            } catch (SSLPeerUnverifiedException e) {
                fail(ConnectFailure.Kind.WRONG_IDENTITY, ctx.channel(), e);
            }
        }

        private void fail(ConnectFailure.Kind kind, Channel channel, Throwable cause) {
            if (!over) {
                over = true;
                outcome.failed(new ConnectFailure(
                        kind, key.agent() + ": " + root(cause).getMessage()));
            }
            channel.close();
        }

        private ClientConnection machine(TlsPeer peer) {
            Instant expiry = peer.notAfter().isBefore(ownExpiry) ? peer.notAfter() : ownExpiry;
            Duration life = ConnectionLife.of(
                    settings.timers().life(),
                    random.nextDouble(),
                    wiring.calendar().now(),
                    expiry);
            return new ClientConnection(settings.timers(), hello(life), life);
        }

        private Hello hello(Duration life) {
            return new Hello(
                    Hello.VERSION,
                    0,
                    incarnation,
                    Limits.DATA,
                    0,
                    Math.toIntExact(settings.timers().idle().toMillis()),
                    Math.toIntExact(life.toMillis()),
                    ids.get());
        }
    }

    private static Throwable root(Throwable cause) {
        Throwable at = cause;
        while (at.getCause() != null) {
            at = at.getCause();
        }
        return at;
    }
}
