package io.culvert.catalog.clock;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Lets each key pass at most once in a while: for log lines that others cause, so that a flood cannot fill a disk. Any
 * thread.
 */
public final class OncePer {
    private final Duration quiet;
    private final MonotonicClock clock;
    private final Map<Object, Long> passed;

    /**
     * @param quiet how long a key that passed is held back
     * @param most keys remembered; the one asked for longest ago gives way, which at worst lets it pass again
     */
    public OncePer(Duration quiet, int most, MonotonicClock clock) {
        this.quiet = quiet;
        this.clock = clock;
        this.passed = new LinkedHashMap<>(16, 0.75f, true) {
            private static final long serialVersionUID = 1L;

            @Override
            protected boolean removeEldestEntry(Map.Entry<Object, Long> eldest) {
                return size() > most;
            }
        };
    }

    /** Whether {@code key} passes; if so it will not for a while. */
    public boolean passes(Object key) {
        long now = clock.nanos();
        synchronized (passed) {
            Long last = passed.get(key);
            if (last != null && now - last < quiet.toNanos()) {
                return false;
            }
            passed.put(key, now);
            return true;
        }
    }
}
