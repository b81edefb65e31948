package io.culvert.gossip.core;

import io.culvert.catalog.NodeId;
import io.culvert.gossip.keyring.KeySchedules;
import io.culvert.gossip.wire.StreamEvent;
import io.culvert.gossip.wire.StreamHandshake;
import io.culvert.gossip.wire.StreamHandshakeOutcome;
import io.culvert.gossip.wire.StreamOpener;
import io.culvert.gossip.wire.StreamSealer;
import java.util.List;
import java.util.random.RandomGenerator;

/** Encrypted streams. */
public final class EnvelopeStreams implements StreamGuard {
    private final NodeId self;
    private final RandomGenerator unpredictable;

    /** @param unpredictable for nonces */
    public EnvelopeStreams(NodeId self, RandomGenerator unpredictable) {
        this.self = self;
        this.unpredictable = unpredictable;
    }

    @Override
    public Handshake initiator(KeySchedules keys) {
        return new Encrypted(StreamHandshake.initiator(keys, self, unpredictable));
    }

    @Override
    public Handshake responder(KeySchedules keys) {
        return new Encrypted(StreamHandshake.responder(keys, self, unpredictable));
    }

    private record Encrypted(StreamHandshake handshake) implements Handshake {
        @Override
        public byte[] hello() {
            return handshake.hello();
        }

        @Override
        public Outcome accept(byte[] peerHello) {
            StreamHandshakeOutcome outcome = handshake.accept(peerHello);
            if (outcome instanceof StreamHandshakeOutcome.Refused refused) {
                return new Refused(refused.fault());
            }
            StreamHandshakeOutcome.Established established = (StreamHandshakeOutcome.Established) outcome;
            return new Established(established.peer(), new Sealed(established.sealer(), established.opener()));
        }
    }

    private record Sealed(StreamSealer sealer, StreamOpener opener) implements Channel {
        @Override
        public List<byte[]> seal(byte[] message) {
            return sealer.seal(message);
        }

        @Override
        public byte[] finish() {
            return sealer.finish();
        }

        @Override
        public List<StreamEvent> onBytes(byte[] source, int from, int length) {
            return opener.onBytes(source, from, length);
        }

        @Override
        public int heldBytes() {
            return opener.heldBytes();
        }
    }
}
