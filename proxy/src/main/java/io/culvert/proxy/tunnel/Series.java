package io.culvert.proxy.tunnel;

import io.culvert.proxy.ProxyStatus;
import io.culvert.proxy.StreamRecord.Direction;
import java.util.concurrent.atomic.LongAdder;

/** Counters of all streams of one direction between one pair of services. Any thread. */
final class Series {
    /** @param source as intentions name it */
    record Key(Direction direction, String source, String destination) {}

    private final Key key;
    private final LongAdder opened = new LongAdder();
    private final LongAdder ended = new LongAdder();
    private final LongAdder bytesOut = new LongAdder();
    private final LongAdder bytesIn = new LongAdder();

    Series(Key key) {
        this.key = key;
    }

    void opened() {
        opened.increment();
    }

    void ended() {
        ended.increment();
    }

    void out(long bytes) {
        bytesOut.add(bytes);
    }

    void in(long bytes) {
        bytesIn.add(bytes);
    }

    ProxyStatus.Traffic show() {
        long endedSoFar = ended.sum(); // read first: an active count must not be negative
        long openedSoFar = opened.sum();
        return new ProxyStatus.Traffic(
                key.direction(),
                key.source(),
                key.destination(),
                openedSoFar,
                openedSoFar - endedSoFar,
                bytesOut.sum(),
                bytesIn.sum());
    }
}
