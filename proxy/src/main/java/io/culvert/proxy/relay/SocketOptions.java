package io.culvert.proxy.relay;

import io.culvert.proxy.frame.Limits;
import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelException;
import io.netty.channel.ChannelOption;
import io.netty.channel.FixedRecvByteBufAllocator;
import io.netty.channel.RecvByteBufAllocator;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.epoll.EpollChannelOption;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.unix.RawUnixChannelOption;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Duration;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What is set on the sockets of streams, and why. */
public final class SocketOptions {
    private static final Logger log = LoggerFactory.getLogger(SocketOptions.class);

    /** Far apart, because each crossing costs a system call on the other leg. */
    private static final WriteBufferWaterMark MARKS = new WriteBufferWaterMark(64 * 1024, 256 * 1024);

    /** Reads of one readiness before other channels get their turn. */
    private static final int READS_IN_A_ROW = 4;

    private static final int WRITES_IN_A_ROW = 16;

    /** Whole TLS records of one flight; larger blocks did not move more in measurements. */
    private static final int TUNNEL_READ_BYTES = 65_536;

    /** Bounds what a paused application leg can still deliver when its peer ends (see {@code AppLeg}). */
    private static final int APP_RECEIVE_BYTES = 256 * 1024;

    /** The default of 212,992 limits bulk on UNIX sockets. */
    private static final int UNIX_SEND_BYTES = 256 * 1024;

    /** Dead peers of idle streams are noticed after 60 s + 6 × 10 s; idle streams themselves live for ever. */
    private static final Map<ChannelOption<Integer>, Integer> KEEPALIVE = Map.of(
            EpollChannelOption.TCP_KEEPIDLE,
            60,
            EpollChannelOption.TCP_KEEPINTVL,
            10,
            EpollChannelOption.TCP_KEEPCNT,
            6);

    /** Data beyond it waits in our own queue, where a RESET can still overtake it. */
    private static final long TUNNEL_UNSENT_BYTES = 128 * 1024;

    private static final int BACKLOG = 4_096;

    /** {@code SOL_SOCKET} and {@code SO_LINGER} of Linux, which Netty does not offer for listeners. */
    private static final RawUnixChannelOption LISTENER_LINGER =
            new RawUnixChannelOption("LISTENER_LINGER", 1, 13, 2 * Integer.BYTES);

    private SocketOptions() {}

    /** For every listener. */
    public static void listener(ServerBootstrap bootstrap, boolean unix) {
        bootstrap.option(ChannelOption.SO_BACKLOG, BACKLOG);
        if (!unix) {
            bootstrap.option(ChannelOption.SO_REUSEADDR, true);
        }
    }

    /** For accepted tunnel connections. */
    public static void tunnel(ServerBootstrap bootstrap) {
        bootstrap
                .childOption(ChannelOption.TCP_NODELAY, true)
                .childOption(ChannelOption.SO_KEEPALIVE, true)
                .childOption(ChannelOption.WRITE_BUFFER_WATER_MARK, MARKS)
                .childOption(ChannelOption.WRITE_SPIN_COUNT, WRITES_IN_A_ROW)
                .childOption(ChannelOption.RECVBUF_ALLOCATOR, tunnelReads());
    }

    /** For tunnel connections that we make. */
    public static void tunnel(Bootstrap bootstrap, Duration connectTimeout) {
        bootstrap
                .option(ChannelOption.TCP_NODELAY, true)
                .option(ChannelOption.SO_KEEPALIVE, true)
                .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, Math.toIntExact(connectTimeout.toMillis()))
                .option(ChannelOption.WRITE_BUFFER_WATER_MARK, MARKS)
                .option(ChannelOption.WRITE_SPIN_COUNT, WRITES_IN_A_ROW)
                .option(ChannelOption.RECVBUF_ALLOCATOR, tunnelReads());
    }

    /** What only epoll can set, on a tunnel connection that is open. */
    public static void tunnelOpened(Channel channel) {
        if (channel instanceof EpollSocketChannel tcp) {
            keepalive(tcp);
            tcp.config().setTcpNotSentLowAt(TUNNEL_UNSENT_BYTES);
        }
    }

    /**
     * For accepted callers; {@code autoRead} stays off until the stream is open. A close is a reset unless
     * {@link #endOnClose} came before: so also the end of this process, however it comes, cannot pass for the end of an
     * answer.
     */
    public static void caller(ServerBootstrap bootstrap, Transport transport, boolean unix) {
        bootstrap
                .childOption(ChannelOption.AUTO_READ, false)
                .childOption(ChannelOption.ALLOW_HALF_CLOSURE, true)
                .childOption(ChannelOption.AUTO_CLOSE, false)
                .childOption(ChannelOption.WRITE_BUFFER_WATER_MARK, MARKS)
                .childOption(ChannelOption.WRITE_SPIN_COUNT, WRITES_IN_A_ROW);
        if (unix) {
            bootstrap.childOption(ChannelOption.SO_SNDBUF, UNIX_SEND_BYTES);
        } else {
            bootstrap
                    .option(ChannelOption.SO_RCVBUF, APP_RECEIVE_BYTES)
                    .childOption(ChannelOption.TCP_NODELAY, true)
                    .childOption(ChannelOption.SO_KEEPALIVE, true);
            resetOnCloseOfAccepted(bootstrap, transport);
        }
    }

    /** Linux hands it down from the listener: no call for each caller, and no moment without it. */
    private static void resetOnCloseOfAccepted(ServerBootstrap bootstrap, Transport transport) {
        if (transport == Transport.EPOLL) {
            ByteBuffer onAndNoSeconds = ByteBuffer.allocateDirect(2 * Integer.BYTES)
                    .order(ByteOrder.nativeOrder())
                    .putInt(0, 1)
                    .putInt(Integer.BYTES, 0);
            bootstrap.option(LISTENER_LINGER, onAndNoSeconds);
        } else {
            bootstrap.childOption(ChannelOption.SO_LINGER, 0);
        }
    }

    /** For connections that we make to applications; closed as those of callers are. */
    public static void application(Bootstrap bootstrap, boolean unix, Duration connectTimeout) {
        bootstrap
                .option(ChannelOption.AUTO_READ, false)
                .option(ChannelOption.ALLOW_HALF_CLOSURE, true)
                .option(ChannelOption.AUTO_CLOSE, false)
                .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, Math.toIntExact(connectTimeout.toMillis()))
                .option(ChannelOption.WRITE_BUFFER_WATER_MARK, MARKS)
                .option(ChannelOption.WRITE_SPIN_COUNT, WRITES_IN_A_ROW);
        if (unix) {
            bootstrap.option(ChannelOption.SO_SNDBUF, UNIX_SEND_BYTES);
        } else {
            bootstrap
                    .option(ChannelOption.SO_RCVBUF, APP_RECEIVE_BYTES)
                    .option(ChannelOption.SO_LINGER, 0)
                    .option(ChannelOption.TCP_NODELAY, true)
                    .option(ChannelOption.SO_KEEPALIVE, true);
        }
    }

    /** What only epoll can set, on a TCP socket of an application that is open. */
    public static void applicationOpened(Channel channel) {
        if (channel instanceof EpollSocketChannel tcp) {
            keepalive(tcp);
        }
    }

    /** Lets the close that follows be a reset. Does nothing on UNIX sockets, which know none, and on closed ones. */
    public static void resetOnClose(Channel channel) {
        linger(channel, 0);
    }

    /** Lets the close that follows be an end, behind all that was written. */
    static void endOnClose(Channel channel) {
        linger(channel, -1);
    }

    private static void linger(Channel channel, int seconds) {
        if (channel instanceof SocketChannel tcp && tcp.isOpen()) {
            try {
                tcp.config().setSoLinger(seconds);
            } catch (ChannelException e) {
                // It went in this moment: there is nobody left to tell.
                log.atDebug().setCause(e).log("socket already gone");
            }
        }
    }

    private static void keepalive(EpollSocketChannel channel) {
        KEEPALIVE.forEach((option, value) -> channel.config().setOption(option, value));
    }

    static RecvByteBufAllocator applicationReads() {
        return new HeadroomReads(Limits.HEADER, Limits.HEADER + Limits.DATA, READS_IN_A_ROW);
    }

    private static FixedRecvByteBufAllocator tunnelReads() {
        FixedRecvByteBufAllocator reads = new FixedRecvByteBufAllocator(TUNNEL_READ_BYTES);
        reads.maxMessagesPerRead(READS_IN_A_ROW);
        return reads;
    }
}
