package io.culvert.agent.http.server;

import io.culvert.agent.http.HttpApiSettings.Limits;
import io.culvert.agent.http.route.ApiRefusal;
import io.culvert.agent.http.route.ApiRequest;
import io.culvert.agent.http.route.Caller;
import io.culvert.agent.http.route.Target;
import io.culvert.agent.http.watch.BlockingQueries.Held;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import io.netty.util.ReferenceCountUtil;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One connection: reads a request, has it answered, writes the answer, reads the next. What a client sends ahead waits: at
 * most one read of the socket in memory, the rest in the socket. Confined to the channel's event loop.
 */
final class ConnectionHandler extends SimpleChannelInboundHandler<FullHttpRequest> {
    private static final Logger log = LoggerFactory.getLogger(ConnectionHandler.class);

    /** Long enough for what a client has on the way, too short to be held by. */
    private static final Duration DRAINING_TIME = Duration.ofSeconds(2);

    private final Exchange exchange;
    private final Caller caller;
    private final Limits limits;
    private final ServerListener listener;
    private final ConnectionTimer timer;
    private Phase phase = Phase.IDLE;
    private boolean inputEnded;
    private @Nullable Held running;
    private final Queue<FullHttpRequest> ahead = new ArrayDeque<>(); // bounded by one read of the socket
    private @Nullable ApiRefusal lastRefusal;
    private @Nullable ChannelHandlerContext context;

    ConnectionHandler(Exchange exchange, Caller caller, Limits limits, ServerListener listener) {
        this.exchange = exchange;
        this.caller = caller;
        this.limits = limits;
        this.listener = listener;
        this.timer = new ConnectionTimer(this::tooSlow);
    }

    private enum Phase {
        /** Nothing of the next request is here. */
        IDLE,
        /** A part of it is. */
        READING,
        WORKING,
        WRITING,
        /** The last answer is out; what still comes is dropped, so that closing does not destroy the answer. */
        DRAINING
    }

    /** Stands before the codec and tells when the first bytes of a request come. */
    final class FirstBytes extends ChannelInboundHandlerAdapter {
        @Override
        public void channelRead(ChannelHandlerContext bytes, Object message) {
            if (phase == Phase.DRAINING) {
                ReferenceCountUtil.release(message);
                return;
            }
            if (phase == Phase.IDLE) {
                phase = Phase.READING;
                timer.start(bytes, limits.requestTime());
            }
            bytes.fireChannelRead(message);
        }
    }

    @Override
    public void handlerAdded(ChannelHandlerContext added) {
        context = added;
    }

    @Override
    public void channelActive(ChannelHandlerContext active) {
        timer.start(active, limits.requestTime());
        active.fireChannelActive();
    }

    @Override
    protected void channelRead0(ChannelHandlerContext reading, FullHttpRequest http) {
        if (phase == Phase.WORKING || phase == Phase.WRITING) {
            ahead.add(http.retain());
        } else {
            begin(reading, http);
        }
    }

    /** Nothing more is read from the socket until this request is answered. */
    private void begin(ChannelHandlerContext reading, FullHttpRequest http) {
        timer.stop();
        phase = Phase.WORKING;
        reading.channel().config().setAutoRead(false);
        boolean keepAlive = HttpUtil.isKeepAlive(http);
        String method = http.method().name();
        try {
            ApiRequest request = read(http);
            running = exchange.begin(request, answer -> {
                if (!reading.executor().isShuttingDown()) {
                    reading.executor().execute(() -> write(reading, method, answer, keepAlive));
                }
            });
        } catch (ApiRefusal refusal) {
            listener.refused(
                    refusal.status() == 431 || refusal.status() == 414
                            ? ServerListener.Refusal.TOO_LARGE
                            : ServerListener.Refusal.MALFORMED);
            refuse(reading, method, refusal);
        }
    }

    /** What the client has sent ahead, then what it cannot be given, then what it will send. */
    private void next(ChannelHandlerContext reading) {
        FullHttpRequest waiting = ahead.poll();
        ApiRefusal refusal = lastRefusal;
        if (waiting != null) {
            try {
                begin(reading, waiting);
            } finally {
                waiting.release();
            }
        } else if (refusal != null) {
            refuse(reading, "", refusal);
        } else if (inputEnded) {
            reading.close();
        } else {
            phase = Phase.IDLE;
            timer.start(reading, limits.idleTime());
            reading.channel().config().setAutoRead(true);
        }
    }

    /** The body is larger than allowed; the rest of it is not read into memory. */
    void tooLarge(ChannelHandlerContext reading) {
        listener.refused(ServerListener.Refusal.TOO_LARGE);
        ApiRefusal refusal = new ApiRefusal(413, "the request's body is larger than " + limits.bodyBytes() + " bytes");
        if (phase == Phase.WORKING || phase == Phase.WRITING) {
            lastRefusal = refusal;
        } else {
            refuse(reading, "", refusal);
        }
    }

    /** What cannot be read ends the connection: where the next request begins is not known. */
    private void refuse(ChannelHandlerContext reading, String method, ApiRefusal refusal) {
        Rendered answer = Renderer.plain(refusal);
        phase = Phase.WRITING;
        timer.start(reading, limits.answerTime());
        listener.answered(method, answer.status());
        reading.writeAndFlush(response(answer, false)).addListener(done -> drain(reading));
    }

    /** Closing while bytes are unread resets the connection, and the client may never see the answer. */
    private void drain(ChannelHandlerContext draining) {
        if (inputEnded || !(draining.channel() instanceof DuplexChannel duplex) || !duplex.isActive()) {
            draining.close();
            return;
        }
        phase = Phase.DRAINING;
        timer.start(draining, DRAINING_TIME);
        duplex.shutdownOutput().addListener(done -> duplex.config().setAutoRead(true));
    }

    private ApiRequest read(FullHttpRequest http) throws ApiRefusal {
        if (http.decoderResult().isFailure()) {
            throw malformed(http.decoderResult().cause());
        }
        Target target = Target.parse(http.uri());
        Map<String, String> headers = new HashMap<>();
        http.headers().forEach(header -> headers.put(header.getKey().toLowerCase(Locale.ROOT), header.getValue()));
        int hosts = http.headers().getAll(HttpHeaderNames.HOST).size();
        if (hosts > 1 || (hosts == 0 && http.protocolVersion().equals(HttpVersion.HTTP_1_1))) {
            throw ApiRefusal.badRequest("Bad request: " + hosts + " Host headers (expected: one)");
        }
        return new ApiRequest(
                http.method().name(),
                target.path(),
                target.query(),
                Map.copyOf(headers),
                ByteBufUtil.getBytes(http.content()),
                caller,
                Map.of());
    }

    private static ApiRefusal malformed(Throwable cause) {
        if (cause instanceof TooLongHttpLineException) {
            return new ApiRefusal(414, "the request line is too long");
        }
        if (cause instanceof TooLongHttpHeaderException) {
            return new ApiRefusal(431, "the request's headers are too long");
        }
        return ApiRefusal.badRequest("Bad request: not HTTP/1.1");
    }

    private void write(ChannelHandlerContext writing, String method, Rendered answer, boolean keepAlive) {
        if (phase != Phase.WORKING || !writing.channel().isActive()) {
            answer.afterwards().ifPresent(Runnable::run);
            return;
        }
        phase = Phase.WRITING;
        running = null;
        timer.start(writing, limits.answerTime());
        listener.answered(method, answer.status());
        boolean stays = keepAlive && (!inputEnded || !ahead.isEmpty());
        writing.writeAndFlush(response(answer, stays)).addListener(done -> {
            answer.afterwards().ifPresent(Runnable::run);
            if (done.isSuccess() && stays && writing.channel().isActive()) {
                next(writing);
            } else {
                writing.close();
            }
        });
    }

    private static FullHttpResponse response(Rendered answer, boolean keepAlive) {
        FullHttpResponse response = new DefaultFullHttpResponse(
                HttpVersion.HTTP_1_1,
                HttpResponseStatus.valueOf(answer.status()),
                Unpooled.wrappedBuffer(answer.body()));
        answer.headers().forEach((name, value) -> response.headers().set(name, value));
        response.headers().set(HttpHeaderNames.CONTENT_LENGTH, answer.length());
        if (!keepAlive) {
            response.headers().set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
        }
        return response;
    }

    private void tooSlow() {
        ChannelHandlerContext slow = context;
        if (slow == null) {
            return;
        }
        if (phase == Phase.READING || phase == Phase.WRITING) {
            listener.refused(ServerListener.Refusal.TOO_SLOW);
            log.atDebug()
                    .addKeyValue("peer", slow.channel().remoteAddress())
                    .addKeyValue("phase", phase)
                    .log("client too slow");
        }
        if (phase == Phase.READING) {
            answerTooSlow(slow);
        } else {
            slow.close();
        }
    }

    private static void answerTooSlow(ChannelHandlerContext slow) {
        byte[] text = "the request did not come in time".getBytes(StandardCharsets.UTF_8);
        Rendered answer = new Rendered(408, Map.of(), text, text.length, Optional.empty());
        slow.writeAndFlush(response(answer, false)).addListener(ChannelFutureListener.CLOSE);
    }

    /** A client that sends no more may still read, or may be gone: it is not kept waiting. */
    @Override
    public void userEventTriggered(ChannelHandlerContext event, Object what) {
        if (what instanceof ChannelInputShutdownEvent) {
            inputEnded = true;
            if (phase == Phase.IDLE || phase == Phase.READING || phase == Phase.DRAINING) {
                event.close();
            }
            Held task = running;
            if (task != null) {
                task.hurry();
            }
        }
        event.fireUserEventTriggered(what);
    }

    @Override
    public void channelInactive(ChannelHandlerContext gone) {
        timer.stop();
        Held task = running;
        running = null;
        if (task != null) {
            task.cancel();
        }
        ahead.forEach(ReferenceCountUtil::release);
        ahead.clear();
        gone.fireChannelInactive();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext broken, Throwable cause) {
        if (!(cause instanceof IOException)) {
            log.atWarn()
                    .addKeyValue("peer", broken.channel().remoteAddress())
                    .setCause(cause)
                    .log("API connection closed after an error");
        }
        broken.close();
    }
}
