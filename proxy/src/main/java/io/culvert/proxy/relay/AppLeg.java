package io.culvert.proxy.relay;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.ChannelOutputShutdownEvent;
import io.netty.channel.socket.DuplexChannel;
import io.netty.channel.unix.UnixChannel;
import io.netty.util.ReferenceCountUtil;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Queue;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One application socket of a stream, the caller's or the service's. Tells its listener truthfully how the application's
 * side goes: end is end, reset is reset. Until {@link #start} nothing is read on purpose; what comes all the same (epoll
 * drains a socket whose peer has ended, read or not) is held, at most one kernel receive buffer. Confined to the
 * channel's event loop.
 */
public final class AppLeg extends ChannelInboundHandlerAdapter {
    private static final Logger log = LoggerFactory.getLogger(AppLeg.class);
    private static final ByteBuffer NOTHING = ByteBuffer.allocateDirect(1);

    private final DuplexChannel channel;
    private final Queue<ByteBuf> held = new ArrayDeque<>(0);
    private @Nullable LegListener listener;
    private boolean started;
    private boolean inputEnded;
    private boolean outputEnding;
    private boolean outputEnded;
    private boolean broken;
    private boolean closing;

    private AppLeg(DuplexChannel channel) {
        this.channel = channel;
    }

    /** Puts a leg on {@code channel}, which must have been made with {@link SocketOptions} for applications. */
    public static AppLeg on(Channel channel) {
        AppLeg leg = new AppLeg((DuplexChannel) channel);
        channel.config().setOption(ChannelOption.RECVBUF_ALLOCATOR, SocketOptions.applicationReads());
        SocketOptions.applicationOpened(channel);
        channel.pipeline().addLast(leg);
        return leg;
    }

    public Channel channel() {
        return channel;
    }

    /** Who hears from now on. A break or a close that came before is told at once, on the next turn of the loop. */
    public void listen(LegListener to) {
        listener = to;
        if (broken) {
            channel.eventLoop().execute(() -> tellBroken(to));
        }
        if (!channel.isOpen()) {
            channel.eventLoop().execute(() -> tellClosed(to));
        }
    }

    /** The stream is open: tells what was held, then reads on. */
    public void start() {
        LegListener to = listener;
        if (started || to == null) {
            return;
        }
        started = true;
        boolean any = !held.isEmpty();
        for (ByteBuf bytes = held.poll(); bytes != null; bytes = held.poll()) {
            to.data(bytes);
        }
        if (any) {
            to.readComplete();
        }
        if (inputEnded) {
            to.ended();
        } else if (!closing) {
            channel.config().setAutoRead(true);
        }
    }

    /** Stops or resumes reading: a hint, bytes may still come. */
    public void setReading(boolean reading) {
        if (started && !inputEnded && !closing) {
            channel.config().setAutoRead(reading);
        }
    }

    /** Queues bytes for the application. Takes ownership. */
    public void write(ByteBuf bytes) {
        if (closing || outputEnding || broken) {
            bytes.release();
        } else {
            channel.write(bytes, channel.voidPromise());
        }
    }

    public void flush() {
        if (!closing) {
            channel.flush();
        }
    }

    public boolean isWritable() {
        return channel.isWritable();
    }

    /** Whether bytes wait for the application. */
    public boolean hasQueuedBytes() {
        return channel.unsafe().outboundBuffer() != null
                && channel.unsafe().outboundBuffer().totalPendingWriteBytes() > 0;
    }

    /** Ends our direction once all that is queued is written. */
    public void endOutput() {
        if (closing || outputEnding) {
            return;
        }
        outputEnding = true;
        channel.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(written -> {
            if (written.isSuccess() && !closing) {
                outputEnded = true;
                channel.shutdownOutput();
            }
        });
    }

    /** Closes once all that is queued is written. */
    public void closeAfterFlush() {
        if (closing) {
            return;
        }
        channel.config().setAutoRead(false);
        channel.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(written -> {
            closing = true;
            if (written.isSuccess() || outputEnded) { // after the end of its output a channel takes no write
                SocketOptions.endOnClose(channel);
            }
            channel.close();
        });
    }

    /**
     * Breaks the connection off: the peer sees a reset on TCP. A UNIX socket knows none; there the peer sees one only if
     * it had sent something that was not read, and an end otherwise.
     */
    public void abort() {
        if (closing) {
            return;
        }
        closing = true;
        channel.close();
    }

    /**
     * Looks whether the peer is gone for good after it ended its direction: the kernel tells of that by an event that
     * Netty does not pass on and that would come again at once, for ever.
     */
    public void probe() {
        if (!inputEnded || outputEnding || closing || broken || !(channel instanceof UnixChannel socket)) {
            return;
        }
        try {
            socket.fd().write(NOTHING.duplicate(), 0, 0);
        } catch (IOException e) {
            log.atDebug().addKeyValue("cause", e.getMessage()).log("application is gone after its end");
            breakOff();
        }
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        ByteBuf bytes = (ByteBuf) message;
        LegListener to = listener;
        if (closing || broken || inputEnded) {
            bytes.release();
        } else if (started && to != null) {
            to.data(bytes);
        } else {
            held.add(bytes);
        }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {
        if (started && listener != null) {
            listener.readComplete();
        }
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext ctx) {
        if (listener != null && !closing) {
            listener.writabilityChanged(channel.isWritable());
        }
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (event == ChannelInputShutdownEvent.INSTANCE && !inputEnded && !broken && !closing) {
            inputEnded = true;
            if (started && listener != null) {
                listener.ended();
            }
        } else if (event == ChannelOutputShutdownEvent.INSTANCE && !outputEnded && !closing) {
            breakOff(); // not by us: a write failed
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        if (closing || broken) {
            return;
        }
        if (cause instanceof IOException) {
            log.atDebug().setCause(cause).log("application leg broke");
        } else {
            log.atError().setCause(cause).log("application leg failed; the stream is broken off");
        }
        breakOff();
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        releaseHeld();
        if (!closing) {
            breakOff(); // closed under us
            closing = true;
        }
        if (listener != null) {
            listener.closed();
        }
    }

    private void breakOff() {
        if (broken) {
            return;
        }
        broken = true;
        releaseHeld();
        if (listener != null) {
            listener.broken();
        }
    }

    private void tellBroken(LegListener to) {
        if (listener == to) {
            to.broken();
        }
    }

    private void tellClosed(LegListener to) {
        if (listener == to) {
            to.closed();
        }
    }

    private void releaseHeld() {
        held.forEach(ReferenceCountUtil::release);
        held.clear();
    }
}
