package io.culvert.proxy.testing;

import io.culvert.proxy.CloseReason;
import io.culvert.proxy.StreamEnd;
import io.culvert.proxy.StreamListener;
import io.culvert.proxy.StreamRecord;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Remembers every stream; fails on an end without a begin. */
public final class RecordedStreams implements StreamListener {
    private final List<StreamRecord> started = new CopyOnWriteArrayList<>();
    private final List<Ended> ended = new CopyOnWriteArrayList<>();

    /** A stream that is over. */
    public record Ended(StreamRecord stream, StreamEnd end) {}

    @Override
    public void started(StreamRecord stream) {
        started.add(stream);
    }

    @Override
    public void ended(StreamRecord stream, StreamEnd end) {
        if (!started.contains(stream)) {
            throw new IllegalStateException("ended without a begin: " + stream);
        }
        ended.add(new Ended(stream, end));
    }

    public List<StreamRecord> started() {
        return started;
    }

    public List<Ended> ended() {
        return ended;
    }

    public List<CloseReason> reasons() {
        return ended.stream().map(one -> one.end().reason()).toList();
    }
}
