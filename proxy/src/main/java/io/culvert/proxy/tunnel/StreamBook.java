package io.culvert.proxy.tunnel;

import io.culvert.catalog.clock.MonotonicClock;
import io.culvert.identity.Decision;
import io.culvert.identity.IntentionSource;
import io.culvert.identity.IntentionTable;
import io.culvert.identity.ServiceIdentity;
import io.culvert.identity.SpiffeId;
import io.culvert.proxy.CloseReason;
import io.culvert.proxy.ProxyStatus;
import io.culvert.proxy.StreamEnd;
import io.culvert.proxy.StreamListener;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The table of live streams. A stream is entered before it is judged, so that no change of policy can slip between the
 * two; whenever the policy changes all are judged again. Any thread.
 */
public final class StreamBook {
    private static final Logger log = LoggerFactory.getLogger(StreamBook.class);

    /** Pairs of services counted apart; further ones are counted together. */
    private static final int MOST_SERIES = 10_000;

    private static final int MOST_SHOWN = 1_000;
    private static final String OTHER = "_other";

    private final IntentionSource intentions;
    private final StreamListener listener;
    private final MonotonicClock clock;
    private final Set<LiveStream> live = ConcurrentHashMap.newKeySet();
    private final Object emptied = new Object();
    private final AtomicInteger liveCount = new AtomicInteger();
    private final Map<Series.Key, Series> series = new ConcurrentHashMap<>();
    private final Map<CloseReason, LongAdder> closed = new EnumMap<>(CloseReason.class);

    public StreamBook(IntentionSource intentions, StreamListener listener, MonotonicClock clock) {
        this.intentions = intentions;
        this.listener = listener;
        this.clock = clock;
        for (CloseReason reason : CloseReason.values()) {
            closed.put(reason, new LongAdder());
        }
    }

    LiveStream begin(LiveStream.Beginning beginning) {
        Series.Key key = new Series.Key(
                beginning.stream().direction(),
                beginning.stream().source().intentionSource(),
                beginning.stream().destination().folded());
        LiveStream stream = new LiveStream(this, beginning, series(key), clock);
        live.add(stream);
        liveCount.incrementAndGet();
        listener.started(stream.stream());
        return stream;
    }

    void ended(LiveStream stream, StreamEnd end) {
        if (live.remove(stream)) {
            if (liveCount.decrementAndGet() == 0) {
                synchronized (emptied) {
                    emptied.notifyAll();
                }
            }
            count(closed, end.reason());
            listener.ended(stream.stream(), end);
        }
    }

    /** Judges by the intentions of this moment. */
    Decision judge(LiveStream stream) {
        return intentions.current().decide(stream.source(), stream.destination());
    }

    /** Whether a peer may open streams to {@code destination} at this moment. */
    boolean isAllowed(SpiffeId source, ServiceIdentity destination) {
        return intentions.current().decide(source, destination).allowed();
    }

    /** The same for a stream of which only now is known that it ends on this host. */
    Decision judgeHere(LiveStream stream) {
        stream.beJudged();
        return judge(stream);
    }

    /** The intentions have changed: cuts what they no longer allow. */
    public void judgeAll() {
        IntentionTable table = intentions.current();
        for (LiveStream stream : live) {
            if (stream.isJudged()) {
                Decision decision = table.decide(stream.source(), stream.destination());
                if (!decision.allowed()) {
                    log.atInfo()
                            .addKeyValue("source", stream.source().intentionSource())
                            .addKeyValue("destination", stream.destination().service())
                            .addKeyValue("reason", decision.reason())
                            .log("live stream cut");
                    stream.cut(CloseReason.DENIED_LATE, decision.reason());
                }
            }
        }
    }

    /** Cuts every stream. */
    public void cutAll(CloseReason reason, String message) {
        live.forEach(stream -> stream.cut(reason, message));
    }

    public int liveCount() {
        return liveCount.get();
    }

    public List<ProxyStatus.LiveStreamStatus> liveStreams() {
        return live.stream().limit(MOST_SHOWN).map(LiveStream::show).toList();
    }

    public List<ProxyStatus.Traffic> traffic() {
        return series.values().stream().map(Series::show).toList();
    }

    public Map<CloseReason, Long> closed() {
        Map<CloseReason, Long> counts = new EnumMap<>(CloseReason.class);
        closed.forEach((reason, count) -> counts.put(reason, count.sum()));
        return counts;
    }

    /** A caller that nobody could identify was refused: it never became a stream. */
    public void refusedUnknown(String reason) {
        count(closed, CloseReason.CALLER_UNKNOWN);
        log.atDebug().addKeyValue("reason", reason).log("caller unknown");
    }

    /** Waits until no stream is left, at most so long. */
    public void awaitNone(Duration most) throws InterruptedException {
        long giveUpAt = clock.nanos() + most.toNanos();
        synchronized (emptied) {
            while (liveCount.get() > 0) {
                long left = TimeUnit.NANOSECONDS.toMillis(giveUpAt - clock.nanos());
                if (left <= 0) {
                    return;
                }
                emptied.wait(left);
            }
        }
    }

    /** What one pair of services has. */
    private Series series(Series.Key key) {
        Series known = series.get(key);
        if (known != null) {
            return known;
        }
        Series.Key bounded = series.size() < MOST_SERIES ? key : new Series.Key(key.direction(), OTHER, OTHER);
        return series.computeIfAbsent(bounded, Series::new);
    }

    private static void count(Map<CloseReason, LongAdder> counts, CloseReason reason) {
        LongAdder count = counts.get(reason);
        if (count != null) {
            count.increment();
        }
    }
}
