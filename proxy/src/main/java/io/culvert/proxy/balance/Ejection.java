package io.culvert.proxy.balance;

import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * Leaves out whatever fails three times in a row, seen from this agent: 10 s at first, doubled each time up to 300 s, plus
 * or minus a fifth so that agents do not come back together. The first success forgives all. Pure.
 *
 * @param failures in a row
 * @param ejections in a row
 * @param until nanoseconds of the monotonic clock; meaningful while {@code ejections} is above 0
 */
record Ejection(int failures, int ejections, long until) {
    static final Ejection NONE = new Ejection(0, 0, 0);

    private static final int FAILURES_IN_A_ROW = 3;
    private static final Duration FIRST = Duration.ofSeconds(10);
    private static final Duration LONGEST = Duration.ofSeconds(300);
    private static final double JITTER = 0.2;

    boolean isEjected(long now) {
        return ejections > 0 && now - until < 0;
    }

    /** After an ejection one failure is enough for the next: the way back in is a trial. */
    Ejection failed(long now, RandomGenerator random) {
        if (isEjected(now)) {
            return this;
        }
        if (failures + 1 < FAILURES_IN_A_ROW && ejections == 0) {
            return new Ejection(failures + 1, 0, 0);
        }
        long base = Math.min(FIRST.toNanos() << Math.min(ejections, 5), LONGEST.toNanos());
        long jittered = (long) (base * (1 - JITTER + 2 * JITTER * random.nextDouble()));
        return new Ejection(0, ejections + 1, now + jittered);
    }
}
