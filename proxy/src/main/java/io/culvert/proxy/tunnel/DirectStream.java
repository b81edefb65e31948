package io.culvert.proxy.tunnel;

import io.culvert.catalog.clock.MonotonicClock;
import io.culvert.proxy.CloseReason;
import io.culvert.proxy.relay.AppLeg;
import io.culvert.proxy.relay.LegListener;
import io.culvert.proxy.relay.Sweeper;
import io.netty.buffer.ByteBuf;
import java.time.Duration;

/** A stream between two sockets of this host: the same truth about ends and resets, without TLS. Confined to its loop. */
final class DirectStream extends Sweeper.Swept {
    /** A read this small is copied when it has to wait, so that it does not hold a buffer of 64 KiB. */
    private static final int SMALL = 8_192;

    private final LiveStream live;
    private final AppLeg caller;
    private final AppLeg application;
    private final MonotonicClock clock;
    private final Sweeper sweeper;
    private final Duration halfClosed;
    private long lastActivity;
    private boolean callerEnded;
    private boolean applicationEnded;
    private boolean over;

    DirectStream(Legs legs, LiveStream live, MonotonicClock clock, Sweeper sweeper, Duration halfClosed) {
        this.caller = legs.caller();
        this.application = legs.application();
        this.live = live;
        this.clock = clock;
        this.sweeper = sweeper;
        this.halfClosed = halfClosed;
        this.lastActivity = clock.nanos();
    }

    /** The two sockets, both on the stream's loop. */
    record Legs(AppLeg caller, AppLeg application) {}

    void start() {
        sweeper.add(this);
        caller.listen(new Side(caller, application, true));
        application.listen(new Side(application, caller, false));
        caller.start();
        application.start();
    }

    /** Breaks both legs off. */
    void cut(CloseReason reason, String message) {
        if (!over) {
            over(reason, message);
            caller.abort();
            application.abort();
        }
    }

    @Override
    protected void tick(long now) {
        if (callerEnded != applicationEnded && now - lastActivity >= halfClosed.toNanos()) {
            cut(CloseReason.TIMEOUT, "half-closed without data for " + halfClosed);
        }
        caller.probe();
        application.probe();
    }

    private void over(CloseReason reason, String message) {
        over = true;
        sweeper.remove(this);
        live.end(reason, message);
    }

    /** One direction: what {@code from} sends goes to {@code to}. */
    private final class Side implements LegListener {
        private final AppLeg from;
        private final AppLeg to;
        private final boolean outwards;

        Side(AppLeg from, AppLeg to, boolean outwards) {
            this.from = from;
            this.to = to;
            this.outwards = outwards;
        }

        @Override
        public void data(ByteBuf bytes) {
            int length = bytes.readableBytes();
            lastActivity = clock.nanos();
            if (outwards) {
                live.out(length);
            } else {
                live.in(length);
            }
            to.write(length < SMALL && to.hasQueuedBytes() ? compact(bytes) : bytes);
            if (!to.isWritable()) {
                from.setReading(false);
            }
        }

        @Override
        public void readComplete() {
            to.flush();
        }

        @Override
        public void ended() {
            if (outwards) {
                callerEnded = true;
            } else {
                applicationEnded = true;
            }
            lastActivity = clock.nanos();
            to.endOutput();
            if (callerEnded && applicationEnded && !over) {
                over(CloseReason.OK, "");
                caller.closeAfterFlush();
                application.closeAfterFlush();
            }
        }

        @Override
        public void broken() {
            if (over) {
                return;
            }
            boolean fromEnded = outwards ? callerEnded : applicationEnded;
            over(outwards ? CloseReason.CLIENT_RESET : CloseReason.SERVER_RESET, "");
            from.abort();
            if (fromEnded) {
                to.closeAfterFlush(); // all that it sent is complete and is still delivered
            } else {
                to.abort();
            }
        }

        @Override
        public void writabilityChanged(boolean writable) {
            to.setReading(writable);
        }

        @Override
        public void closed() {}

        private ByteBuf compact(ByteBuf bytes) {
            try {
                return bytes.alloc().directBuffer(bytes.readableBytes()).writeBytes(bytes);
            } finally {
                bytes.release();
            }
        }
    }
}
