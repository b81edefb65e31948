package io.culvert.proxy.tunnel;

import io.culvert.catalog.clock.MonotonicClock;
import io.culvert.proxy.CloseReason;
import io.culvert.proxy.frame.Frame;
import io.culvert.proxy.frame.FrameDecoder;
import io.culvert.proxy.frame.FrameEncoder;
import io.culvert.proxy.frame.FrameFault;
import io.culvert.proxy.frame.FrameSink;
import io.culvert.proxy.frame.Limits;
import io.culvert.proxy.frame.ResetCode;
import io.culvert.proxy.relay.AppLeg;
import io.culvert.proxy.relay.LegListener;
import io.culvert.proxy.relay.SocketOptions;
import io.culvert.proxy.relay.Sweeper;
import io.culvert.proxy.stream.Arrival;
import io.culvert.proxy.stream.Connection;
import io.culvert.proxy.stream.Effect;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.SocketChannel;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One tunnel connection: carries bytes between its TLS channel and the application leg of its present stream, and does
 * what its machine says. Both channels are on one loop, to which this is confined.
 */
abstract class TunnelLink<M extends Connection> extends Sweeper.Swept
        implements FrameSink, LegListener, Effect.Performer {
    private static final Logger log = LoggerFactory.getLogger(TunnelLink.class);

    /** Time that a peer has to read what was sent before a connection that says nothing more is broken off. */
    private static final long LINGER_SECONDS = 1;

    final M machine;
    final Channel channel;
    private final MonotonicClock clock;
    private final Sweeper sweeper;
    private final FrameDecoder decoder = new FrameDecoder(this);
    private final Queue<Effect> pending = new ArrayDeque<>();
    private final PeerWatch watch;
    private boolean performing;
    private boolean reading;
    private boolean unflushed;
    private boolean finishing;
    private @Nullable AppLeg leg;

    TunnelLink(M machine, Channel channel, MonotonicClock clock, Sweeper sweeper) {
        this.machine = machine;
        this.channel = channel;
        this.clock = clock;
        this.sweeper = sweeper;
        this.watch = new PeerWatch(channel);
    }

    /** Begins to hear of the channel. */
    final void install() {
        channel.pipeline().addLast(new Handler());
        sweeper.add(this);
    }

    final long now() {
        return clock.nanos();
    }

    final @Nullable AppLeg leg() {
        return leg;
    }

    /** The stream's application leg; it hears of this from now on. */
    final void attach(AppLeg appLeg) {
        leg = appLeg;
        appLeg.listen(this);
    }

    /** Does what the machine says, in order; what it says meanwhile comes after. */
    final void perform(List<Effect> effects) {
        pending.addAll(effects);
        if (performing) {
            return;
        }
        performing = true;
        try {
            for (Effect next = pending.poll(); next != null; next = pending.poll()) {
                next.performBy(this);
            }
        } finally {
            performing = false;
        }
        if (!reading) {
            readComplete();
        }
    }

    /** Does {@code work} with one flush at its end. */
    final void batched(Runnable work) {
        boolean before = reading;
        reading = true;
        try {
            work.run();
        } finally {
            reading = before;
        }
        if (!reading) {
            readComplete();
        }
    }

    /** The present leg goes on alone: it still has bytes to write and then closes. */
    final void detach() {
        AppLeg alone = leg;
        if (alone != null) {
            leg = null;
            alone.listen(LegListener.NOBODY);
            channel.config().setAutoRead(true);
        }
    }

    /** Cuts the stream and the connection. */
    final void kill(ResetCode code, CloseReason reason) {
        perform(machine.kill(code, reason));
    }

    /** The stream's bytes, counted from the caller's point of view by those who know which end this is. */
    abstract void countSent(int bytes);

    abstract void countReceived(int bytes);

    /** The peer broke the rules. */
    abstract void misbehaved(FrameFault fault, String detail);

    /** The channel is gone. */
    abstract void gone();

    // --- from the application leg ---

    @Override
    public final void data(ByteBuf bytes) {
        if (!machine.maySend()) {
            bytes.release();
            return;
        }
        int length = bytes.readableBytes();
        countSent(length);
        long now = now();
        machine.dataSent(length, now);
        watch.sent(now);
        if (length <= machine.peerMaxFrame() && bytes.readerIndex() >= Limits.HEADER) {
            FrameEncoder.prependDataHeader(bytes, machine.ordinal());
            channel.write(bytes, channel.voidPromise());
        } else {
            writeInParts(bytes);
        }
        unflushed = true;
        if (!channel.isWritable() && leg != null) {
            leg.setReading(false);
        }
    }

    @Override
    public final void readComplete() {
        if (unflushed) {
            unflushed = false;
            channel.flush();
        }
    }

    @Override
    public final void ended() {
        perform(machine.appEnded(now()));
    }

    @Override
    public final void broken() {
        perform(machine.appReset(!hasQueuedBytes(), now()));
    }

    @Override
    public final void writabilityChanged(boolean writable) {
        if (leg != null && !finishing) {
            channel.config().setAutoRead(writable);
        }
    }

    @Override
    public final void closed() {
        leg = null;
        if (!finishing) {
            channel.config().setAutoRead(true); // for the frames that follow the stream
        }
        legClosed();
    }

    /** The application leg is closed, whoever closed it. */
    abstract void legClosed();

    // --- from the peer ---

    @Override
    public final void frame(Frame frame) {
        perform(machine.frame(frame, now()));
        if (machine.isFaulty()) {
            misbehaved(FrameFault.MALFORMED, frame.type() + " out of order in " + machine);
        }
    }

    @Override
    public final void data(int ordinal, ByteBuf bytes) {
        int length = bytes.readableBytes();
        Arrival arrival = machine.dataReceived(ordinal, length, now());
        AppLeg to = leg;
        if (arrival == Arrival.DELIVER && to != null) {
            countReceived(length);
            to.write(bytes);
            return;
        }
        bytes.release();
        if (arrival == Arrival.GIVE_UP) {
            perform(machine.giveUp());
        } else if (arrival == Arrival.FAULT) {
            perform(machine.fault());
            misbehaved(FrameFault.MALFORMED, "DATA out of order in " + machine);
        }
    }

    @Override
    public final void fault(FrameFault fault, String detail) {
        perform(machine.fault());
        misbehaved(fault, detail);
    }

    // --- what the machine wants ---

    @Override
    public final void send(Frame frame) {
        if (!finishing) {
            channel.write(FrameEncoder.encode(channel.alloc(), frame), channel.voidPromise());
            unflushed = true;
        }
    }

    @Override
    public final void endAppOutput() {
        if (leg != null) {
            leg.endOutput();
        }
    }

    @Override
    public final void closeApp() {
        if (leg != null) {
            leg.closeAfterFlush();
        }
    }

    @Override
    public final void abortApp() {
        if (leg != null) {
            leg.abort();
        }
    }

    @Override
    public final void abortConnection() {
        finishing = true;
        decoder.stop();
        channel.flush(); // a RESET on its way may still get through
        breakOff();
    }

    @Override
    public final void finishConnection() {
        finishing = true;
        decoder.stop();
        unflushed = false;
        channel.config().setAutoRead(true);
        channel.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(written -> endTcp());
        channel.eventLoop().schedule(this::breakOff, LINGER_SECONDS, TimeUnit.SECONDS);
    }

    @Override
    public final void closeConnection() {
        finishing = true;
        decoder.stop();
        channel.close();
    }

    @Override
    protected final void tick(long now) {
        if (now >= machine.deadline()) {
            perform(machine.onTime(now));
        }
        if (watch.findsGone(hasQueuedBytes(), now)) {
            perform(machine.connectionLost());
            breakOff();
        }
        if (leg != null) {
            leg.probe();
        }
        ticked(now);
    }

    /** A further look, some ten times a second. */
    void ticked(long now) {}

    /** Ends the TCP connection without TLS's own farewell: what the stream had to say is said, that it broke is the rest. */
    private void endTcp() {
        if (channel instanceof SocketChannel tcp && tcp.isActive()) {
            tcp.shutdownOutput();
        }
    }

    private void breakOff() {
        SocketOptions.resetOnClose(channel);
        // Past TLS, which would wait to say farewell.
        channel.unsafe().close(channel.unsafe().voidPromise());
    }

    private boolean hasQueuedBytes() {
        return channel.unsafe().outboundBuffer() != null
                && channel.unsafe().outboundBuffer().totalPendingWriteBytes() > 0;
    }

    private void writeInParts(ByteBuf bytes) {
        try {
            while (bytes.isReadable()) {
                int length = Math.min(bytes.readableBytes(), machine.peerMaxFrame());
                ByteBuf header = channel.alloc().directBuffer(Limits.HEADER, Limits.HEADER);
                header.writeLong(FrameEncoder.dataHeader(machine.ordinal(), length));
                channel.write(header, channel.voidPromise());
                channel.write(bytes.readRetainedSlice(length), channel.voidPromise());
            }
        } finally {
            bytes.release();
        }
    }

    /** The channel's events, apart from the leg's, which have the same names. */
    private final class Handler extends ChannelInboundHandlerAdapter {
        @Override
        public void channelRead(ChannelHandlerContext ctx, Object message) {
            reading = true;
            decoder.feed((ByteBuf) message);
        }

        @Override
        public void channelReadComplete(ChannelHandlerContext ctx) {
            reading = false;
            AppLeg to = leg;
            if (to != null) {
                to.flush();
                if (!to.isWritable() && !finishing) {
                    channel.config().setAutoRead(false);
                }
            }
            readComplete();
        }

        @Override
        public void channelWritabilityChanged(ChannelHandlerContext ctx) {
            if (leg != null) {
                leg.setReading(channel.isWritable());
            }
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
            if (cause instanceof IOException) {
                log.atDebug().addKeyValue("cause", cause.getMessage()).log("tunnel connection broke");
            } else {
                log.atError().setCause(cause).log("tunnel connection failed and is broken off");
            }
            perform(machine.connectionLost());
            breakOff();
        }

        @Override
        public void channelInactive(ChannelHandlerContext ctx) {
            sweeper.remove(TunnelLink.this);
            decoder.stop();
            perform(machine.connectionLost());
            gone();
        }
    }
}
