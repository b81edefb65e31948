package io.culvert.gossip.wire;

import io.culvert.catalog.NodeId;

/** What became of a received datagram. */
public sealed interface EnvelopeOutcome {
    /**
     * Authentic and never seen before.
     *
     * @param sender proven to hold the pool key, not to be the owner of the id: only signatures prove that
     * @param session of the sender's process
     * @param payload the frames; owned by the receiver of this record
     */
    record Opened(NodeId sender, long session, Trust trust, byte[] payload) implements EnvelopeOutcome {}

    /** Dropped, and counted; nothing was changed. */
    record Rejected(Rejection reason) implements EnvelopeOutcome {}
}
