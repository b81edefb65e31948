package io.culvert.proxy.tls;

import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.ssl.AbstractSniHandler;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.concurrent.Future;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Reads the ClientHello and puts TLS with the right certificate in its own place, or hands the refusal on. */
final class SniRouter extends AbstractSniHandler<TlsProtocol> {
    /** A hello of ours has 500 bytes; 16 KiB leaves room for whatever a later TLS adds. */
    private static final int LONGEST_CLIENT_HELLO = 16_384;

    private final Function<String, Optional<TlsProtocol>> routes;
    private final Handshake handshake;

    SniRouter(Function<String, Optional<TlsProtocol>> routes, Handshake handshake) {
        super(LONGEST_CLIENT_HELLO, 0); // Handshake has one deadline for everything
        this.routes = routes;
        this.handshake = handshake;
    }

    @Override
    protected Future<TlsProtocol> lookup(ChannelHandlerContext ctx, @Nullable String serverName) {
        Optional<TlsProtocol> found =
                Optional.ofNullable(serverName).flatMap(ServerNames::label).flatMap(routes);
        return found.isPresent()
                ? ctx.executor().newSucceededFuture(found.get())
                : ctx.executor()
                        .newFailedFuture(
                                serverName == null
                                        ? new RefusedException(StrangerReason.NO_SERVER_NAME, "no server name")
                                        : new RefusedException(
                                                StrangerReason.UNKNOWN_SERVER_NAME, "server name " + serverName));
    }

    @Override
    protected void onLookupComplete(
            ChannelHandlerContext ctx, @Nullable String serverName, Future<TlsProtocol> future) {
        if (!future.isSuccess()) {
            handshake.refuse(ctx, future.cause());
            return;
        }
        TlsProtocol protocol = future.getNow();
        Optional<SslHandler> tls = protocol.contexts().newHandler(ctx.alloc());
        if (tls.isEmpty()) {
            handshake.refuse(
                    ctx, new RefusedException(StrangerReason.UNKNOWN_SERVER_NAME, "no certificate for " + serverName));
            return;
        }
        tls.get().setHandshakeTimeoutMillis(0);
        handshake.begin(protocol);
        ctx.pipeline().replace(this, "tls", tls.get());
    }

    /** A refusal on its way to the one place that counts it. */
    static final class RefusedException extends Exception {
        private static final long serialVersionUID = 1L;
        private final StrangerReason reason;

        RefusedException(StrangerReason reason, String message) {
            super(message, null, false, false);
            this.reason = reason;
        }

        StrangerReason reason() {
            return reason;
        }
    }
}
