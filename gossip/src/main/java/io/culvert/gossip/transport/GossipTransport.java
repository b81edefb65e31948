package io.culvert.gossip.transport;

import io.culvert.catalog.IpAddress;
import io.culvert.gossip.wire.Envelope;
import io.culvert.gossip.wire.PeerAddress;
import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.FixedRecvByteBufAllocator;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollDatagramChannel;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.socket.DatagramChannel;
import io.netty.channel.socket.DatagramPacket;
import io.netty.channel.socket.ServerSocketChannel;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioDatagramChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The pool's sockets: one UDP and one TCP socket on the same port, all on one loop. Confined to that loop, except {@link
 * #bind} and {@link #close}.
 */
public final class GossipTransport implements AutoCloseable {
    // One byte more than our longest packet, so that a longer one is seen to be too long rather than cut to fit.
    private static final int DATAGRAM_BYTES = Envelope.MAXIMUM_PACKET + 1;
    // memberlist asks for 2 MiB too: a burst of a pool's words must fit while the loop is busy.
    private static final int SOCKET_BUFFER_BYTES = 2 << 20;
    private static final int CONNECT_MILLIS = 5_000;
    // A peer that reads slower than this lets pile up is cut; a whole table of 50,000 members is half of it.
    private static final int MOST_UNSENT_BYTES = 16 << 20;
    /** All streams together; whoever goes over it with more than his share is cut. */
    private static final int MOST_UNSENT_IN_ALL = 24 << 20;

    private static final int SHARE_BYTES = 1 << 20;
    private static final long LINGER_SECONDS = 10;
    private static final int PORT_TRIES = 20;

    private final EventLoop loop;
    private final TransportEvents events;
    private final Map<Long, Channel> streams = new HashMap<>();
    private volatile @Nullable DatagramChannel datagrams;
    private volatile @Nullable Channel acceptor;

    public GossipTransport(EventLoop loop, TransportEvents events) {
        this.loop = loop;
        this.events = events;
    }

    /**
     * Binds both sockets; blocks for a moment, so not on the loop.
     *
     * @param port 0 takes one that is free for both
     * @return the port
     * @throws IOException if the port is taken, with what to do
     */
    public int bind(IpAddress address, int port) throws IOException {
        for (int tries = 1; ; tries++) {
            DatagramChannel udp = bindDatagrams(address, port);
            int bound = udp.localAddress().getPort();
            try {
                acceptor = bindAcceptor(address, bound);
                datagrams = udp;
                return bound;
            } catch (IOException taken) {
                udp.close().awaitUninterruptibly();
                if (port != 0 || tries == PORT_TRIES) {
                    throw taken;
                }
            }
        }
    }

    /** Whether both sockets are open. Any thread. */
    public boolean isListening() {
        DatagramChannel packets = datagrams;
        Channel streams = acceptor;
        return packets != null && packets.isActive() && streams != null && streams.isActive();
    }

    private DatagramChannel bindDatagrams(IpAddress address, int port) throws IOException {
        Bootstrap bootstrap = new Bootstrap()
                .group(loop)
                .channel(Epoll.isAvailable() ? EpollDatagramChannel.class : NioDatagramChannel.class)
                .option(ChannelOption.SO_RCVBUF, SOCKET_BUFFER_BYTES)
                .option(ChannelOption.SO_SNDBUF, SOCKET_BUFFER_BYTES)
                .option(ChannelOption.RECVBUF_ALLOCATOR, new FixedRecvByteBufAllocator(DATAGRAM_BYTES))
                .handler(new Datagrams());
        return (DatagramChannel) bound(bootstrap.bind(Addresses.inet(address), port), "UDP", address, port);
    }

    private Channel bindAcceptor(IpAddress address, int port) throws IOException {
        Class<? extends ServerSocketChannel> type =
                Epoll.isAvailable() ? EpollServerSocketChannel.class : NioServerSocketChannel.class;
        ServerBootstrap bootstrap = new ServerBootstrap()
                .group(loop)
                .channel(type)
                .option(ChannelOption.SO_REUSEADDR, true)
                .childOption(ChannelOption.TCP_NODELAY, true)
                .childHandler(new ChannelInitializer<SocketChannel>() {
                    @Override
                    protected void initChannel(SocketChannel channel) {
                        accept(channel);
                    }
                });
        return bound(bootstrap.bind(Addresses.inet(address), port), "TCP", address, port);
    }

    private static Channel bound(ChannelFuture future, String protocol, IpAddress address, int port)
            throws IOException {
        future.awaitUninterruptibly();
        if (!future.isSuccess()) {
            throw new IOException(
                    "cannot listen on " + protocol + " " + new PeerAddress(address, port) + ": "
                            + future.cause().getMessage()
                            + " (is another agent running, or is the address not of this host?)",
                    future.cause());
        }
        return future.channel();
    }

    private final class Datagrams extends SimpleChannelInboundHandler<DatagramPacket> {
        @Override
        protected void channelRead0(ChannelHandlerContext context, DatagramPacket packet) {
            events.onDatagram(bytes(packet.content()), Addresses.peer(packet.sender()));
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
            // An ICMP error about an earlier packet, most often: the socket goes on, the prober will notice.
        }
    }

    /** Sends one datagram; a packet lost here is as good as lost on the wire. */
    public void send(PeerAddress to, byte[] packet) {
        DatagramChannel channel = datagrams;
        if (channel != null && channel.isActive()) {
            channel.writeAndFlush(
                    new DatagramPacket(Unpooled.wrappedBuffer(packet), Addresses.socket(to)), channel.voidPromise());
        }
    }

    /** Connects; {@link TransportEvents} hears how it went. */
    public void openStream(long number, PeerAddress to) {
        Bootstrap bootstrap = new Bootstrap()
                .group(loop)
                .channel(Epoll.isAvailable() ? EpollSocketChannel.class : NioSocketChannel.class)
                .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, CONNECT_MILLIS)
                .option(ChannelOption.TCP_NODELAY, true)
                .handler(new Stream(number, true));
        ChannelFuture connecting = bootstrap.connect(Addresses.socket(to));
        streams.put(number, connecting.channel());
        connecting.addListener(future -> {
            if (!future.isSuccess() && streams.remove(number) != null) {
                events.onStreamClosed(number);
            }
        });
    }

    private void accept(SocketChannel channel) {
        InetSocketAddress remote = channel.remoteAddress();
        long number = remote == null ? 0 : events.onStreamAccepted(Addresses.peer(remote));
        if (number == 0) {
            channel.close();
            return;
        }
        streams.put(number, channel);
        channel.pipeline().addLast(new Stream(number, false));
    }

    private final class Stream extends SimpleChannelInboundHandler<ByteBuf> {
        private final long number;
        private final boolean initiated;

        Stream(long number, boolean initiated) {
            this.number = number;
            this.initiated = initiated;
        }

        @Override
        public void channelActive(ChannelHandlerContext context) {
            if (initiated && streams.containsKey(number)) {
                events.onStreamOpened(number);
            }
        }

        @Override
        protected void channelRead0(ChannelHandlerContext context, ByteBuf bytes) {
            if (streams.containsKey(number)) {
                events.onStreamBytes(number, bytes(bytes));
            }
        }

        /** Whoever does not read our answers is asked for no more; who called us reads, or both would wait for ever. */
        @Override
        public void channelWritabilityChanged(ChannelHandlerContext context) {
            if (!initiated) {
                context.channel().config().setAutoRead(context.channel().isWritable());
            }
        }

        @Override
        public void channelInactive(ChannelHandlerContext context) {
            if (streams.remove(number) != null) {
                events.onStreamClosed(number);
            }
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
            // A reset or a broken pipe: the end of the stream, which channelInactive reports.
            context.close();
        }
    }

    public void streamSend(long number, byte[] bytes) {
        Channel channel = streams.get(number);
        if (channel == null) {
            return;
        }
        channel.writeAndFlush(Unpooled.wrappedBuffer(bytes), channel.voidPromise());
        long unsent = channel.bytesBeforeWritable();
        if (unsent > MOST_UNSENT_BYTES || unsent > SHARE_BYTES && unsentInAll() > MOST_UNSENT_IN_ALL) {
            channel.close();
        }
    }

    private long unsentInAll() {
        long sum = 0;
        for (Channel channel : streams.values()) {
            sum += channel.bytesBeforeWritable();
        }
        return sum;
    }

    /** Sends what is on its way, then ends; who does not read it in time is cut. */
    public void closeStream(long number) {
        Channel channel = streams.remove(number);
        if (channel == null) {
            return;
        }
        Future<?> cut = loop.schedule(() -> channel.close(), LINGER_SECONDS, TimeUnit.SECONDS);
        // Those who come and go quickly must not leave ten seconds of timers behind.
        channel.closeFuture().addListener(closed -> cut.cancel(false));
        channel.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(ChannelFutureListener.CLOSE);
    }

    private static byte[] bytes(ByteBuf buffer) {
        byte[] bytes = new byte[buffer.readableBytes()];
        buffer.readBytes(bytes);
        return bytes;
    }

    /** Closes every socket; may be called twice. Blocks for a moment, so not on the loop. */
    @Override
    public void close() {
        Channel listening = acceptor;
        if (listening != null) {
            listening.close().awaitUninterruptibly();
        }
        DatagramChannel udp = datagrams;
        if (udp != null) {
            udp.close().awaitUninterruptibly();
        }
        loop.submit(() -> {
                    streams.values().forEach(Channel::close);
                    streams.clear();
                })
                .awaitUninterruptibly();
    }
}
