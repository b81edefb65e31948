package io.culvert.testbed.simulator;

import java.time.Duration;
import java.time.Instant;

/** A host's wall clock: the world's, unless somebody has set it wrong or it runs fast. The monotonic one is not here. */
final class NodeClock {
    private final World world;
    private Duration offset = Duration.ZERO;
    private double partsPerMillion;
    private long since;

    NodeClock(World world) {
        this.world = world;
    }

    void set(Duration changedOffset, double changedPartsPerMillion) {
        offset = changedOffset;
        partsPerMillion = changedPartsPerMillion;
        since = world.now();
    }

    Instant now() {
        long drifted = (long) ((world.now() - since) / 1e6 * partsPerMillion);
        return world.wallTime().plus(offset).plusNanos(drifted);
    }
}
