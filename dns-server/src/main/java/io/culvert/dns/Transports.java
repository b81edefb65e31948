package io.culvert.dns;

import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.FixedRecvByteBufAllocator;
import io.netty.channel.IoEventLoopGroup;
import io.netty.channel.ServerChannel;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollChannelOption;
import io.netty.channel.epoll.EpollDatagramChannel;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.socket.nio.NioDatagramChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;

/** Channels of the kind that a group of event loops carries. */
record Transports(
        boolean epoll,
        Class<? extends Channel> datagram,
        Class<? extends ServerChannel> server,
        Class<? extends Channel> stream) {
    /** What one reading system call takes in: 64 datagrams of at most 512 bytes. Questions are shorter. */
    private static final int BATCH_BYTES = 32_768;

    private static final int LONGEST_QUESTION = 512;

    /** Holds a burst of some thousand questions; the kernel may grant less. */
    private static final int SOCKET_BUFFER = 1 << 20;

    private static final int BACKLOG = 256;

    static Transports of(EventLoopGroup group) {
        boolean epoll =
                Epoll.isAvailable() && group instanceof IoEventLoopGroup io && io.isIoType(EpollIoHandler.class);
        return epoll
                ? new Transports(
                        true, EpollDatagramChannel.class, EpollServerSocketChannel.class, EpollSocketChannel.class)
                : new Transports(false, NioDatagramChannel.class, NioServerSocketChannel.class, NioSocketChannel.class);
    }

    /** A socket for questions, reading and writing in batches where the system can. */
    Bootstrap datagrams(EventLoop loop) {
        Bootstrap bootstrap = new Bootstrap()
                .group(loop)
                .channel(datagram)
                .option(ChannelOption.SO_RCVBUF, SOCKET_BUFFER)
                .option(ChannelOption.SO_SNDBUF, SOCKET_BUFFER)
                .option(
                        ChannelOption.WRITE_BUFFER_WATER_MARK,
                        new WriteBufferWaterMark(SOCKET_BUFFER / 2, SOCKET_BUFFER))
                .option(ChannelOption.RECVBUF_ALLOCATOR, new FixedRecvByteBufAllocator(BATCH_BYTES));
        if (epoll) {
            bootstrap.option(EpollChannelOption.MAX_DATAGRAM_PAYLOAD_SIZE, LONGEST_QUESTION);
        }
        return bootstrap;
    }

    ServerBootstrap connections(EventLoop loop) {
        return new ServerBootstrap()
                .group(loop, loop)
                .channel(server)
                .option(ChannelOption.SO_BACKLOG, BACKLOG)
                .option(ChannelOption.SO_REUSEADDR, true)
                .childOption(ChannelOption.TCP_NODELAY, true);
    }
}
