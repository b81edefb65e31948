package io.culvert.gossip.core;

import io.culvert.catalog.NodeId;
import io.culvert.gossip.wire.EnvelopeOutcome;

/** Turns frames into datagrams that only the pool can read, and back. Production encrypts; the simulator does not. */
public interface PacketGuard {
    /** @param payload at most {@link io.culvert.gossip.wire.Envelope#MAXIMUM_PAYLOAD} bytes */
    byte[] seal(NodeId to, byte[] payload);

    EnvelopeOutcome open(byte[] packet);

    /** Whether {@code peer} asks for a sign of life that the next packet to it will carry. */
    boolean owesEcho(NodeId peer);
}
