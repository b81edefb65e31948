package io.culvert.proxy.tunnel;

import io.culvert.catalog.clock.MonotonicClock;
import io.culvert.identity.ServiceIdentity;
import io.culvert.identity.SpiffeId;
import io.culvert.proxy.CloseReason;
import io.culvert.proxy.ProxyStatus;
import io.culvert.proxy.StreamEnd;
import io.culvert.proxy.StreamRecord;
import io.netty.channel.EventLoop;
import java.time.Duration;

/**
 * One stream from begin to end: its place in the live table, its counters, its line in the log. Confined to its loop but
 * for {@link #judge} and {@link #show}.
 */
final class LiveStream {
    private final StreamBook book;
    private final StreamRecord stream;
    private final ServiceIdentity destination;
    private final EventLoop loop;
    private final Cut cut;
    private final Series series;
    private final MonotonicClock clock;
    private final long begun;
    private volatile long bytesOut;
    private volatile long bytesIn;
    private long opened;
    private int attempts;
    private String instanceId = "";
    private String host = "";
    private String explanation = "";
    private Runnable afterEnd = () -> {};
    private volatile boolean judged;
    private boolean ended;

    /** Ends a stream at once, on its loop. Does nothing when it has ended. */
    @FunctionalInterface
    interface Cut {
        void cut(CloseReason reason, String message);
    }

    /**
     * What a stream is when it begins.
     *
     * @param judged whether intentions are enforced here: at the destination, not at the source
     */
    record Beginning(StreamRecord stream, ServiceIdentity destination, boolean judged, EventLoop loop, Cut cut) {}

    LiveStream(StreamBook book, Beginning beginning, Series series, MonotonicClock clock) {
        this.book = book;
        this.stream = beginning.stream();
        this.destination = beginning.destination();
        this.judged = beginning.judged();
        this.loop = beginning.loop();
        this.cut = beginning.cut();
        this.series = series;
        this.clock = clock;
        this.begun = clock.nanos();
    }

    StreamRecord stream() {
        return stream;
    }

    SpiffeId source() {
        return stream.source();
    }

    ServiceIdentity destination() {
        return destination;
    }

    boolean isJudged() {
        return judged;
    }

    /** From now on intentions are enforced here. */
    void beJudged() {
        judged = true;
    }

    /** Why it is about to be ended. */
    void explain(String message) {
        explanation = message;
    }

    void whenEnded(Runnable after) {
        afterEnd = after;
    }

    /** Cuts the stream on its own loop. Any thread. */
    void cut(CloseReason reason, String message) {
        loop.execute(() -> cut.cut(reason, message));
    }

    void attempt(String toInstance, String onHost) {
        attempts++;
        instanceId = toInstance;
        host = onHost;
    }

    int attempts() {
        return attempts;
    }

    void opened() {
        opened = clock.nanos();
        series.opened();
    }

    boolean isOpened() {
        return opened != 0;
    }

    @SuppressWarnings("NonAtomicOperationOnVolatileField") // one writer: the loop
    void out(int bytes) {
        bytesOut += bytes;
        series.out(bytes);
    }

    @SuppressWarnings("NonAtomicOperationOnVolatileField") // one writer: the loop
    void in(int bytes) {
        bytesIn += bytes;
        series.in(bytes);
    }

    /** The stream is over. Only the first call counts. */
    void end(CloseReason reason, String message) {
        if (ended) {
            return;
        }
        ended = true;
        if (isOpened()) {
            series.ended();
        }
        long now = clock.nanos();
        book.ended(
                this,
                new StreamEnd(
                        reason,
                        message.isEmpty() ? explanation : message,
                        instanceId,
                        host,
                        attempts,
                        Duration.ofNanos((isOpened() ? opened : now) - begun),
                        Duration.ofNanos(now - begun),
                        bytesOut,
                        bytesIn));
        afterEnd.run();
    }

    ProxyStatus.LiveStreamStatus show() {
        return new ProxyStatus.LiveStreamStatus(stream, Duration.ofNanos(clock.nanos() - begun), bytesOut, bytesIn);
    }
}
