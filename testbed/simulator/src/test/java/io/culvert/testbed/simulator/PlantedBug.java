package io.culvert.testbed.simulator;

import io.culvert.catalog.IpAddress;
import io.culvert.catalog.NodeContent;
import io.culvert.catalog.NodeName;
import io.culvert.catalog.NodeRecord;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** Mistakes made on purpose, to see that they are found. */
final class PlantedBug {
    private PlantedBug() {}

    /** A host that finds another paused tells the layers above something that this one never published. */
    static void forgetsWhenPaused(SimulatedPool pool) {
        pool.world().after(Duration.ofSeconds(1), () -> look(pool));
    }

    private static void look(SimulatedPool pool) {
        for (SimulatedNode node : pool.nodes()) {
            if (node.isPaused()) {
                NodeRecord record = new NodeRecord(
                        node.id(),
                        new NodeName(node.name()),
                        IpAddress.parse("10.9.9.9"),
                        "dc1",
                        Map.of(),
                        1,
                        false,
                        "never");
                pool.invariants().contentShown(pool.nodes().get(0), new NodeContent(record, List.of(), List.of()));
            }
        }
        forgetsWhenPaused(pool);
    }
}
