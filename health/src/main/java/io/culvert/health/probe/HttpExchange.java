package io.culvert.health.probe;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.LastHttpContent;
import org.jspecify.annotations.Nullable;

/** Collects one response. Reports exactly once. */
final class HttpExchange extends SimpleChannelInboundHandler<HttpObject> {
    private final TailBuffer body;
    private final Listener listener;
    private @Nullable HttpResponse head;
    private boolean reported;

    /** Hears of the response. */
    interface Listener {
        void answered(HttpResponse head, String bodyTail);

        void failed(String reason);
    }

    HttpExchange(int outputMaxSize, Listener listener) {
        this.body = new TailBuffer(outputMaxSize);
        this.listener = listener;
    }

    @Override
    protected void channelRead0(ChannelHandlerContext ctx, HttpObject message) {
        if (message.decoderResult().isFailure()) {
            fail("no HTTP response (" + message.decoderResult().cause().getMessage() + ")");
            return;
        }
        if (message instanceof HttpResponse response) {
            head = isInterim(response) ? null : response;
        }
        if (head != null && message instanceof HttpContent content) {
            append(content.content());
            if (message instanceof LastHttpContent) {
                answer(head);
            }
        }
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (event == ByteLimit.Reached.REACHED) {
            if (head != null) {
                answer(head);
            } else {
                fail("no status within " + ByteLimit.MOST_BYTES + " bytes");
            }
        }
        ctx.fireUserEventTriggered(event);
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        fail(head == null ? "connection closed before a response" : "connection closed in the middle of the response");
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        fail(Reasons.of(cause));
    }

    /** 100 Continue and its like announce the response (RFC 9110 §15.2). */
    private static boolean isInterim(HttpResponse response) {
        int code = response.status().code();
        return code < 200 && code != HttpResponseStatus.SWITCHING_PROTOCOLS.code();
    }

    private void append(ByteBuf content) {
        byte[] bytes = ByteBufUtil.getBytes(content);
        body.append(bytes, 0, bytes.length);
    }

    private void answer(HttpResponse response) {
        if (!reported) {
            reported = true;
            listener.answered(response, body.text());
        }
    }

    private void fail(String reason) {
        if (!reported) {
            reported = true;
            listener.failed(reason);
        }
    }
}
