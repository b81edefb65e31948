package io.culvert.proxy.relay;

import io.netty.channel.EventLoopGroup;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.ServerChannel;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollDomainSocketChannel;
import io.netty.channel.epoll.EpollServerDomainSocketChannel;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.DuplexChannel;
import io.netty.channel.socket.nio.NioDomainSocketChannel;
import io.netty.channel.socket.nio.NioServerDomainSocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.channel.unix.DomainSocketAddress;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Path;

/** Which of Netty's channels carry the streams: epoll where the platform has it, NIO elsewhere. */
public enum Transport {
    EPOLL(
            EpollServerSocketChannel.class,
            EpollSocketChannel.class,
            EpollServerDomainSocketChannel.class,
            EpollDomainSocketChannel.class),
    NIO(
            NioServerSocketChannel.class,
            NioSocketChannel.class,
            NioServerDomainSocketChannel.class,
            NioDomainSocketChannel.class);

    private final Class<? extends ServerChannel> tcpListener;
    private final Class<? extends DuplexChannel> tcp;
    private final Class<? extends ServerChannel> unixListener;
    private final Class<? extends DuplexChannel> unix;

    Transport(
            Class<? extends ServerChannel> tcpListener,
            Class<? extends DuplexChannel> tcp,
            Class<? extends ServerChannel> unixListener,
            Class<? extends DuplexChannel> unix) {
        this.tcpListener = tcpListener;
        this.tcp = tcp;
        this.unixListener = unixListener;
        this.unix = unix;
    }

    /** The best that this machine has. */
    public static Transport best() {
        return Epoll.isAvailable() ? EPOLL : NIO;
    }

    /** {@code threads} event loops whose threads are named {@code name-1} and so on. */
    public EventLoopGroup loops(int threads, String name) {
        IoHandlerFactory factory = this == EPOLL ? new LastingRegistrations() : NioIoHandler.newFactory();
        return new MultiThreadIoEventLoopGroup(threads, new DefaultThreadFactory(name, true), factory);
    }

    public Class<? extends ServerChannel> tcpListener() {
        return tcpListener;
    }

    public Class<? extends DuplexChannel> tcp() {
        return tcp;
    }

    public Class<? extends ServerChannel> unixListener() {
        return unixListener;
    }

    public Class<? extends DuplexChannel> unix() {
        return unix;
    }

    /** The address of a UNIX socket in this transport's words. */
    public SocketAddress unixAddress(String path) {
        return this == EPOLL ? new DomainSocketAddress(path) : UnixDomainSocketAddress.of(Path.of(path));
    }
}
