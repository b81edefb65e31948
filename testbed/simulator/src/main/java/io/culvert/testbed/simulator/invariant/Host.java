package io.culvert.testbed.simulator.invariant;

import io.culvert.catalog.Liveness;
import io.culvert.catalog.NodeContent;
import io.culvert.catalog.NodeId;
import io.culvert.gossip.bounds.Size;
import io.culvert.gossip.core.GossipMachine;
import java.util.List;
import java.util.Optional;

/** One host of the pool, as far as invariants look at it. */
public interface Host {
    /** From 0, without gaps. */
    int number();

    NodeId id();

    /** Another one after each start and each end. */
    long life();

    /** Whether its process began with the epoch of the last one on its disk. */
    boolean remembersEpoch();

    /** Whether its process runs and is not paused. */
    boolean isRunning();

    /** Of the process that runs, or ends just now. */
    GossipMachine machine();

    /** How much its machine holds for others. */
    default List<Size> sizes() {
        return machine().sizes();
    }

    /** What the layers above were told last. */
    Optional<Liveness> livenessOf(NodeId member);

    /** What the layers above were told last. */
    Optional<NodeContent> contentOf(NodeId owner);
}
