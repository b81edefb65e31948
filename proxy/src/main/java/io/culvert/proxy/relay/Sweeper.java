package io.culvert.proxy.relay;

import io.culvert.catalog.clock.MonotonicClock;
import io.netty.channel.EventLoop;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * One coarse clock hand for all streams of an event loop: no stream has a timer of its own. Ticks only while there is
 * something to look at. Confined to its loop.
 */
public final class Sweeper {
    /** Fine enough for limits of seconds; 10,000 streams cost a fraction of a millisecond. */
    private static final long TICK_MILLIS = 100;

    private final EventLoop loop;
    private final MonotonicClock clock;
    private final List<Swept> swept = new ArrayList<>();
    private @Nullable ScheduledFuture<?> ticking;

    public Sweeper(EventLoop loop, MonotonicClock clock) {
        this.loop = loop;
        this.clock = clock;
    }

    /** Something with deadlines. Remembers its place for the sweeper: one object is in one sweeper at most. */
    public abstract static class Swept {
        private int place = -1;

        /** A tick; may remove itself and others. */
        protected abstract void tick(long now);
    }

    public void add(Swept one) {
        assert loop.inEventLoop() : "called from " + Thread.currentThread().getName();
        if (one.place >= 0) {
            return;
        }
        one.place = swept.size();
        swept.add(one);
        if (ticking == null) {
            ticking = loop.scheduleAtFixedRate(this::tick, TICK_MILLIS, TICK_MILLIS, TimeUnit.MILLISECONDS);
        }
    }

    public void remove(Swept one) {
        assert loop.inEventLoop() : "called from " + Thread.currentThread().getName();
        if (one.place < 0) {
            return;
        }
        Swept last = swept.remove(swept.size() - 1);
        if (last != one) {
            swept.set(one.place, last);
            last.place = one.place;
        }
        one.place = -1;
        if (swept.isEmpty() && ticking != null) {
            ticking.cancel(false);
            ticking = null;
        }
    }

    private void tick() {
        long now = clock.nanos();
        // From the end: a removal moves one that was looked at already into the gap.
        for (int i = swept.size() - 1; i >= 0; i--) {
            if (i < swept.size()) {
                swept.get(i).tick(now);
            }
        }
    }
}
