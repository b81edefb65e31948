package io.culvert.proxy.tunnel;

import io.culvert.proxy.ProxyStatus;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;

/** What the pools of all loops have together. Any thread. */
final class PoolCounts {
    private final AtomicInteger idle = new AtomicInteger();
    private final AtomicInteger open = new AtomicInteger();
    private final LongAdder hits = new LongAdder();
    private final LongAdder misses = new LongAdder();
    private final LongAdder stale = new LongAdder();

    void hit() {
        hits.increment();
    }

    void miss() {
        misses.increment();
    }

    void stale() {
        stale.increment();
    }

    void idle(int change) {
        idle.addAndGet(change);
    }

    void open(int change) {
        open.addAndGet(change);
    }

    boolean mayBeIdle(int most) {
        return idle.get() < most;
    }

    ProxyStatus.TunnelCounts show() {
        int idleNow = idle.get();
        return new ProxyStatus.TunnelCounts(
                idleNow, Math.max(0, open.get() - idleNow), hits.sum(), misses.sum(), stale.sum());
    }
}
