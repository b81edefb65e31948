package io.culvert.catalog.clock;

import java.time.Instant;

/** The clocks of the machine; handed in at composition, never called by a rule. */
public final class SystemClocks {
    public static final MonotonicClock MONOTONIC = System::nanoTime;
    public static final WallClock WALL = Instant::now;

    private SystemClocks() {}
}
