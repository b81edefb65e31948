package io.culvert.proxy.tls;

import io.netty.buffer.ByteBuf;
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

    /** RFC 8446 section 5.1 and RFC 6520: change_cipher_spec to heartbeat. */
    private static final int FIRST_RECORD_TYPE = 20;

    private static final int LAST_RECORD_TYPE = 24;

    private final Function<String, Optional<TlsProtocol>> routes;
    private final Handshake handshake;
    private boolean begun;
    private boolean speaksTls;

    SniRouter(Function<String, Optional<TlsProtocol>> routes, Handshake handshake) {
        super(LONGEST_CLIENT_HELLO, 0); // Handshake has one deadline for everything
        this.routes = routes;
        this.handshake = handshake;
    }

    /** The base class takes what is no TLS at all for a hello without a name. */
    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) throws Exception {
        if (!begun && message instanceof ByteBuf bytes && bytes.isReadable()) {
            begun = true;
            int type = bytes.getUnsignedByte(bytes.readerIndex());
            speaksTls = type >= FIRST_RECORD_TYPE && type <= LAST_RECORD_TYPE;
        }
        super.channelRead(ctx, message);
    }

    @Override
    protected Future<TlsProtocol> lookup(ChannelHandlerContext ctx, @Nullable String serverName) {
        Optional<TlsProtocol> found =
                Optional.ofNullable(serverName).flatMap(ServerNames::label).flatMap(routes);
        return found.isPresent()
                ? ctx.executor().newSucceededFuture(found.get())
                : ctx.executor().newFailedFuture(refusal(serverName));
    }

    private RefusedException refusal(@Nullable String serverName) {
        if (!speaksTls) {
            return new RefusedException(StrangerReason.NOT_TLS, "the first byte begins no TLS record");
        }
        return serverName == null
                ? new RefusedException(StrangerReason.NO_SERVER_NAME, "no server name")
                : new RefusedException(StrangerReason.UNKNOWN_SERVER_NAME, "server name " + serverName);
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
