package io.culvert.agent.http.server;

import io.culvert.agent.http.CallerId;
import io.culvert.agent.http.HttpApiSettings;
import io.culvert.agent.http.HttpApiSettings.Limits;
import io.culvert.agent.http.StatusReport;
import io.culvert.agent.http.route.Caller;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.FixedRecvByteBufAllocator;
import io.netty.channel.ServerChannel;
import io.netty.channel.epoll.EpollDomainSocketChannel;
import io.netty.channel.epoll.EpollServerDomainSocketChannel;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.channel.unix.DomainSocketAddress;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.util.concurrent.GlobalEventExecutor;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Listens on loopback and on the UNIX socket. {@link #close} may be called twice. */
public final class ApiServer implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(ApiServer.class);
    private static final int BACKLOG = 1_024;
    private static final long CLOSING_SECONDS = 5;

    /** One read, and so all that a client can send ahead into memory: a request with all its headers, as a rule. */
    private static final int READ_BYTES = 8_192;

    private final EventLoopGroup loops;
    private final Exchange exchange;
    private final Limits limits;
    private final CallerId callers;
    private final ServerListener listener;
    private final ConnectionGate gate;
    private final ChannelGroup channels = new DefaultChannelGroup(GlobalEventExecutor.INSTANCE, true);
    private volatile @Nullable Channel tcp; // once it is bound
    private volatile @Nullable SocketFile published; // the UNIX socket's file, once it is in place

    /** @param loops epoll event loops */
    public ApiServer(
            EventLoopGroup loops,
            HttpApiSettings settings,
            Exchange exchange,
            CallerId callers,
            ServerListener listener) {
        this.loops = loops;
        this.exchange = exchange;
        this.limits = settings.limits();
        this.callers = callers;
        this.listener = listener;
        this.gate = new ConnectionGate(limits.connections(), limits.connectionsPerClient());
    }

    /** Binds TCP. Blocks for a moment. A port of 0 becomes a free one. */
    public void listen(InetSocketAddress address) throws IOException {
        tcp = bind(EpollServerSocketChannel.class, address);
    }

    /**
     * Binds the UNIX socket under a name of its own first, so that nobody can connect before mode and group are set.
     *
     * @param group name or number; empty: the agent's own
     * @param mode permission bits of the file: who may open it may write
     */
    public void listen(Path path, Optional<String> group, int mode) throws IOException {
        SocketFile file = new SocketFile(path);
        Path fresh = file.prepare();
        Channel channel = bind(EpollServerDomainSocketChannel.class, new DomainSocketAddress(fresh.toString()));
        try {
            file.publish(fresh, group, mode);
            published = file;
        } catch (IOException e) {
            channel.close().awaitUninterruptibly(CLOSING_SECONDS, TimeUnit.SECONDS);
            Files.deleteIfExists(fresh);
            throw e;
        }
    }

    /** What it listens on, as it is now. Any thread; asks the disk. */
    public List<StatusReport.Listener> sockets() {
        List<StatusReport.Listener> sockets = new ArrayList<>();
        Channel bound = tcp;
        if (bound != null && bound.localAddress() instanceof InetSocketAddress own) {
            String address = text(own);
            sockets.add(
                    bound.isActive()
                            ? StatusReport.Listener.listening("api", address)
                            : StatusReport.Listener.failed(
                                    "api", address, "the socket was closed", "restart the agent"));
        }
        SocketFile file = published;
        if (file != null) {
            sockets.add(file.status());
        }
        return sockets;
    }

    private Channel bind(Class<? extends ServerChannel> type, SocketAddress address) throws IOException {
        ChannelFuture bound = new ServerBootstrap()
                .group(loops)
                .channel(type)
                .option(ChannelOption.SO_BACKLOG, BACKLOG)
                .childOption(ChannelOption.RECVBUF_ALLOCATOR, new FixedRecvByteBufAllocator(READ_BYTES))
                .childOption(ChannelOption.ALLOW_HALF_CLOSURE, true)
                .childHandler(new Connections())
                .bind(address)
                .awaitUninterruptibly();
        if (!bound.isSuccess()) {
            throw new IOException(
                    "the HTTP API cannot listen on " + text(address) + ": "
                            + bound.cause().getMessage()
                            + " (another agent, or another program? 'ss -ltnp' shows which)",
                    bound.cause());
        }
        channels.add(bound.channel());
        return bound.channel();
    }

    private static String text(SocketAddress address) {
        return address instanceof InetSocketAddress tcp
                ? tcp.getAddress().getHostAddress() + ":" + tcp.getPort()
                : address.toString();
    }

    private final class Connections extends ChannelInitializer<Channel> {
        @Override
        protected void initChannel(Channel channel) {
            Caller caller = caller(channel);
            String client = clientOf(channel);
            Optional<ServerListener.Refusal> refused = gate.enter(client);
            if (refused.isPresent()) {
                listener.refused(refused.get());
                log.atDebug()
                        .addKeyValue("client", client)
                        .addKeyValue("reason", refused.get())
                        .log("API connection refused");
                channel.close();
                return;
            }
            listener.opened();
            channel.closeFuture().addListener(closed -> {
                gate.leave(client);
                listener.closed();
            });
            channels.add(channel);
            ConnectionHandler handler = new ConnectionHandler(exchange, caller, limits, listener);
            channel.pipeline()
                    .addLast(handler.new FirstBytes())
                    .addLast(new HttpServerCodec(new HttpDecoderConfig()
                            .setMaxInitialLineLength(limits.headerBytes())
                            .setMaxHeaderSize(limits.headerBytes())
                            .setMaxChunkSize(limits.headerBytes())))
                    .addLast(new BodyCollector(limits.bodyBytes(), handler))
                    .addLast(handler);
        }
    }

    private Caller caller(Channel channel) {
        return channel instanceof EpollDomainSocketChannel unix
                ? new UnixCaller(unix)
                : new TcpCaller(callers, (InetSocketAddress) channel.remoteAddress(), (InetSocketAddress)
                        channel.localAddress());
    }

    private static String clientOf(Channel channel) {
        if (channel instanceof EpollDomainSocketChannel unix) {
            return "uid " + UnixCaller.uidOf(unix);
        }
        return ((InetSocketAddress) channel.remoteAddress()).getAddress().getHostAddress();
    }

    /** Stops listening, then closes every connection. Blocks for a moment. */
    @Override
    public void close() {
        channels.close().awaitUninterruptibly(CLOSING_SECONDS, TimeUnit.SECONDS);
        SocketFile ours = published;
        published = null;
        if (ours != null) {
            remove(ours);
        }
    }

    private static void remove(SocketFile socket) {
        try {
            socket.remove();
        } catch (IOException e) {
            log.atWarn().addKeyValue("socket", socket).setCause(e).log("socket file not removed");
        }
    }
}
