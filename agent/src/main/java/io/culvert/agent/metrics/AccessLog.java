package io.culvert.agent.metrics;

import io.culvert.proxy.CloseReason;
import io.culvert.proxy.StreamEnd;
import io.culvert.proxy.StreamListener;
import io.culvert.proxy.StreamRecord;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * One line for each stream, when it ends. Lines wait in a bounded queue and are written off the data loops; what does not
 * fit is dropped and counted, and the next line says how many.
 */
public final class AccessLog implements StreamListener {
    private static final Logger log = LoggerFactory.getLogger(AccessLog.class);
    private static final int WAITING = 4_096;

    private final StreamListener next;
    private final Executor writer;
    private final ArrayBlockingQueue<Line> waiting = new ArrayBlockingQueue<>(WAITING);
    private final AtomicBoolean writing = new AtomicBoolean();
    private final AtomicLong dropped = new AtomicLong();

    private record Line(StreamRecord stream, StreamEnd end) {}

    /**
     * @param next hears the same
     * @param writer may block
     */
    public AccessLog(StreamListener next, Executor writer) {
        this.next = next;
        this.writer = writer;
    }

    @Override
    public void started(StreamRecord stream) {
        next.started(stream);
    }

    @Override
    public void ended(StreamRecord stream, StreamEnd end) {
        next.ended(stream, end);
        if (!waiting.offer(new Line(stream, end))) {
            dropped.incrementAndGet();
        }
        if (writing.compareAndSet(false, true)) {
            writer.execute(this::write);
        }
    }

    private void write() {
        for (Line line = waiting.poll(); line != null; line = waiting.poll()) {
            write(line.stream(), line.end());
        }
        writing.set(false);
        if (!waiting.isEmpty() && writing.compareAndSet(false, true)) {
            writer.execute(this::write); // one came between the last look and the flag
        }
    }

    private void write(StreamRecord stream, StreamEnd end) {
        long lost = dropped.getAndSet(0);
        if (lost > 0) {
            log.atWarn().addKeyValue("lines", lost).log("access log dropped lines");
        }
        // Who was refused should be found without switching anything on; what went well is for those who ask.
        Level level = end.reason() == CloseReason.OK ? Level.DEBUG : Level.INFO;
        log.atLevel(level)
                .addKeyValue("trace", stream.traceId())
                .addKeyValue("direction", stream.direction())
                .addKeyValue("source", stream.source().intentionSource())
                .addKeyValue("identified", stream.identification())
                .addKeyValue("caller", stream.caller())
                .addKeyValue("destination", stream.destination())
                .addKeyValue("instance", end.instanceId())
                .addKeyValue("host", end.host())
                .addKeyValue("attempts", end.attempts())
                .addKeyValue("connect_us", end.connecting().toNanos() / 1_000)
                .addKeyValue("duration_ms", end.duration().toMillis())
                .addKeyValue("bytes_out", end.bytesOut())
                .addKeyValue("bytes_in", end.bytesIn())
                .addKeyValue("end", end.reason().word())
                .addKeyValue("why", end.message())
                .log("stream ended");
    }
}
