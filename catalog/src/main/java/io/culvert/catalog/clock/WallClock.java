package io.culvert.catalog.clock;

import java.time.Instant;

/** Calendar time for certificates, logs and epochs. It may step in either direction: never subtract two of its values to wait. */
@FunctionalInterface
public interface WallClock {
    Instant now();
}
