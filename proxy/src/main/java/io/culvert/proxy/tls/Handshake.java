package io.culvert.proxy.tls;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.TooLongFrameException;
import io.netty.handler.ssl.NotSslRecordException;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import java.time.Duration;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Stands behind TLS until the handshake ends well, ends badly or takes too long; reports exactly one outcome. */
final class Handshake extends ChannelInboundHandlerAdapter {
    private final Duration timeout;
    private final Strangers strangers;
    private final Runnable onEnd;
    private @Nullable TlsProtocol protocol;
    private @Nullable ScheduledFuture<?> deadline;
    private boolean ended;

    /** @param onEnd runs once, whatever the outcome */
    Handshake(Duration timeout, Strangers strangers, Runnable onEnd) {
        this.timeout = timeout;
        this.strangers = strangers;
        this.onEnd = onEnd;
    }

    /** The server name is known; TLS has been put in place. */
    void begin(TlsProtocol chosen) {
        this.protocol = chosen;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        deadline = ctx.executor()
                .schedule(
                        () -> refuse(
                                ctx,
                                new SniRouter.RefusedException(
                                        StrangerReason.TIMED_OUT, "no handshake within " + timeout)),
                        timeout.toNanos(),
                        TimeUnit.NANOSECONDS);
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        refuse(ctx, new SniRouter.RefusedException(StrangerReason.CLOSED_EARLY, "closed during the handshake"));
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (event instanceof SslHandshakeCompletionEvent completion) {
            if (completion.isSuccess()) {
                complete(ctx);
            } else {
                refuse(ctx, completion.cause());
            }
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        refuse(ctx, cause);
    }

    void refuse(ChannelHandlerContext ctx, Throwable cause) {
        if (!ended) {
            end();
            Throwable told = root(cause);
            strangers.refused(reason(cause), ctx.channel().remoteAddress(), String.valueOf(told.getMessage()));
        }
        ctx.close();
    }

    private void complete(ChannelHandlerContext ctx) {
        TlsProtocol chosen = protocol;
        SslHandler tls = ctx.pipeline().get(SslHandler.class);
        if (ended || chosen == null || tls == null) {
            ctx.close();
            return;
        }
        if (!chosen.alpn().equals(tls.applicationProtocol())) {
            refuse(
                    ctx,
                    new SniRouter.RefusedException(
                            StrangerReason.WRONG_PROTOCOL, "application protocol " + tls.applicationProtocol()));
            return;
        }
        end();
        chosen.onHandshakeComplete().accept(ctx.channel());
        ctx.pipeline().remove(this);
    }

    private void end() {
        ended = true;
        if (deadline != null) {
            deadline.cancel(false);
        }
        onEnd.run();
    }

    private static StrangerReason reason(Throwable cause) {
        for (Throwable at = cause; at != null; at = at.getCause()) {
            if (at instanceof SniRouter.RefusedException refused) {
                return refused.reason();
            } else if (at instanceof PeerRejectedException rejected) {
                return StrangerReason.of(rejected.fault());
            } else if (at instanceof NotSslRecordException) {
                return StrangerReason.NOT_TLS;
            } else if (at instanceof TooLongFrameException) {
                return StrangerReason.CLIENT_HELLO_TOO_LONG;
            } else if (saysNoCertificate(at.getMessage())) {
                return StrangerReason.NO_CERTIFICATE;
            }
        }
        return StrangerReason.HANDSHAKE_FAILED;
    }

    /** BoringSSL's words, then those of the runtime's own engine. */
    private static boolean saysNoCertificate(@Nullable String message) {
        return message != null
                && (message.contains("PEER_DID_NOT_RETURN_A_CERTIFICATE")
                        || message.contains("Empty client certificate"));
    }

    private static Throwable root(Throwable cause) {
        Throwable at = cause;
        while (at.getCause() != null && !(at instanceof PeerRejectedException)) {
            at = at.getCause();
        }
        return at;
    }
}
