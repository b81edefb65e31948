package io.culvert.gossip.core;

import io.culvert.catalog.clock.WallClock;
import io.culvert.gossip.membership.SwimSettings;

/**
 * Watches whether this process runs. Away: it did not run at all, because it was stopped, collected garbage for long, or
 * the whole host slept; what it waited for may have come and gone. Late: it runs, but its timers do so behind their time;
 * what it waits for may lie unread. In both it must not hold silence against others.
 *
 * <p>A host that sleeps stops its monotonic clock too; only the calendar tells. A calendar that is set forward is taken for
 * sleep, which costs nothing but a few suspicions that begin again.
 */
final class LoopWatch {
    private static final int AWAY_INTERVALS = 2;
    private static final long LONGEST_NOT_LATE_NANOS = 1_000_000_000L;
    private static final long NANOS_A_MILLI = 1_000_000L;

    private final WallClock wall;
    private final long awayNanos;
    private final long lateNanos;
    private long heardAt;
    private long awakeSince;
    private long wallMillis;
    private long wallReadAt;
    private long longestLag;

    LoopWatch(SwimSettings.Probe settings, WallClock wall, long now) {
        this.wall = wall;
        awayNanos = AWAY_INTERVALS * settings.interval().toNanos();
        lateNanos = Math.min(LONGEST_NOT_LATE_NANOS, settings.timeout().toNanos() / 2);
        heardAt = now;
        awakeSince = now;
        wallMillis = wall.now().toEpochMilli();
        wallReadAt = now;
    }

    /** How this process runs. */
    enum State {
        IN_TIME,
        LATE,
        AWAY
    }

    /** @param nanos for how long it was away, or how late it is; 0 when in time */
    record Finding(State state, long nanos) {
        static final Finding IN_TIME = new Finding(State.IN_TIME, 0);
    }

    /**
     * Something happens.
     *
     * @param dueAt when the next timer should run
     */
    Finding onEvent(long now, long dueAt) {
        // What was not to be woken before dueAt was not away before it.
        long gap = now - Math.max(dueAt, heardAt);
        heardAt = now;
        return gap > awayNanos ? away(gap, now) : Finding.IN_TIME;
    }

    /** Timers are about to run, of which the first was due at {@code dueAt}. */
    Finding onTimers(long now, long dueAt) {
        Finding finding = onEvent(now, dueAt);
        long slept = slept(now);
        if (finding.state == State.AWAY) {
            return finding;
        }
        if (slept > awayNanos) {
            return away(slept, now);
        }
        long lag = Math.max(0, now - Math.max(dueAt, awakeSince));
        longestLag = Math.max(longestLag, lag);
        return lag > lateNanos ? new Finding(State.LATE, lag) : Finding.IN_TIME;
    }

    private Finding away(long nanos, long now) {
        awakeSince = now;
        return new Finding(State.AWAY, nanos);
    }

    /** By how much more the calendar went on than the monotonic clock. */
    private long slept(long now) {
        long before = wallMillis;
        long readBefore = wallReadAt;
        wallMillis = wall.now().toEpochMilli();
        wallReadAt = now;
        return (wallMillis - before) * NANOS_A_MILLI - (now - readBefore);
    }

    /** The longest lag since this was asked last, in nanoseconds. */
    long takeLongestLag() {
        long lag = longestLag;
        longestLag = 0;
        return lag;
    }
}
