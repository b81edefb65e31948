package io.culvert.agent.demo;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.epoll.EpollServerDomainSocketChannel;
import io.netty.channel.unix.DomainSocketAddress;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Answers HTTP on a UNIX socket: {@code /} greets, {@code /health} is what the example's check asks, {@code /fail} makes
 * it fail and {@code /recover} makes it pass again. Runs on the given loop only.
 */
public final class DemoService implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(DemoService.class);
    private static final int LARGEST_REQUEST = 64 * 1024;

    private final Path socket;
    private final Channel listener;

    private DemoService(Path socket, Channel listener) {
        this.socket = socket;
        this.listener = listener;
    }

    /**
     * Listens on {@code socket}, whose folder is made when missing. A socket that nobody answers is replaced.
     *
     * @throws IOException when something else is there, or the folder cannot be made
     */
    public static DemoService start(Path socket, EventLoopGroup loop) throws IOException {
        Path folder = socket.toAbsolutePath().getParent();
        if (folder != null) {
            Files.createDirectories(folder);
        }
        StaleSocket.remove(socket);
        Visits visits = new Visits();
        Channel channel = new ServerBootstrap()
                .group(loop)
                .channel(EpollServerDomainSocketChannel.class)
                .childHandler(new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(Channel child) {
                        child.pipeline()
                                .addLast(new HttpServerCodec(), new HttpObjectAggregator(LARGEST_REQUEST), visits);
                    }
                })
                .bind(new DomainSocketAddress(socket.toFile()))
                .syncUninterruptibly()
                .channel();
        log.atInfo().addKeyValue("socket", socket).log("demo service listens");
        return new DemoService(socket, channel);
    }

    @Override
    public void close() throws IOException {
        listener.close().syncUninterruptibly();
        Files.deleteIfExists(socket);
    }

    /** Shared by all connections; its state is two atomics. */
    @ChannelHandler.Sharable
    private static final class Visits extends SimpleChannelInboundHandler<FullHttpRequest> {
        private final AtomicBoolean healthy = new AtomicBoolean(true);
        private final AtomicLong count = new AtomicLong();

        private record Answer(HttpResponseStatus status, String text) {}

        @Override
        protected void channelRead0(ChannelHandlerContext context, FullHttpRequest request) {
            Answer answer = answer(request.uri());
            FullHttpResponse response = new DefaultFullHttpResponse(
                    HttpVersion.HTTP_1_1,
                    answer.status(),
                    Unpooled.copiedBuffer(answer.text(), StandardCharsets.UTF_8));
            response.headers().set(HttpHeaderNames.CONTENT_TYPE, "text/plain; charset=utf-8");
            HttpUtil.setContentLength(response, response.content().readableBytes());
            boolean keepAlive = HttpUtil.isKeepAlive(request);
            HttpUtil.setKeepAlive(response, keepAlive);
            var written = context.writeAndFlush(response);
            if (!keepAlive) {
                written.addListener(ChannelFutureListener.CLOSE);
            }
        }

        private Answer answer(String uri) {
            Map<String, Boolean> switches = Map.of("/fail", false, "/recover", true);
            if (switches.containsKey(uri)) {
                healthy.set(switches.get(uri));
            }
            return switch (uri) {
                case "/" -> new Answer(HttpResponseStatus.OK, greeting());
                case "/health" ->
                    healthy.get()
                            ? new Answer(HttpResponseStatus.OK, "healthy\n")
                            : new Answer(HttpResponseStatus.SERVICE_UNAVAILABLE, "told to fail; ask /recover\n");
                case "/fail" -> new Answer(HttpResponseStatus.OK, "the next health check will fail\n");
                case "/recover" -> new Answer(HttpResponseStatus.OK, "the next health check will pass\n");
                default -> new Answer(HttpResponseStatus.NOT_FOUND, "try /, /health, /fail or /recover\n");
            };
        }

        private String greeting() {
            return "Hello from the demo service, reached through a UNIX socket. Visit " + count.incrementAndGet()
                    + ".\n";
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
            log.atDebug().setCause(cause).log("demo connection ended");
            context.close();
        }
    }
}
