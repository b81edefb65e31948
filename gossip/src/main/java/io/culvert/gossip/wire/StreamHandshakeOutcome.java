package io.culvert.gossip.wire;

import io.culvert.catalog.NodeId;

/** Whether a stream has keys. */
public sealed interface StreamHandshakeOutcome {
    /** @param peer as it calls itself; a holder of the pool key once its first chunk opens */
    record Established(NodeId peer, StreamSealer sealer, StreamOpener opener) implements StreamHandshakeOutcome {}

    /** The stream is to be closed. */
    record Refused(StreamFault fault) implements StreamHandshakeOutcome {}
}
