package io.culvert.gossip.core;

import io.culvert.catalog.NodeId;
import io.culvert.gossip.keyring.KeySchedules;
import io.culvert.gossip.wire.StreamEvent;
import io.culvert.gossip.wire.StreamFault;
import java.util.List;

/** Turns messages into bytes of a stream that only the pool can read, and back. Production encrypts; the simulator does not. */
public interface StreamGuard {
    /** For a stream that we open. */
    Handshake initiator(KeySchedules keys);

    /** For a stream that was opened to us. */
    Handshake responder(KeySchedules keys);

    /** The agreement on one stream: {@link io.culvert.gossip.wire.StreamHandshake#HELLO_BYTES} from each side. */
    interface Handshake {
        /** What to send first; a responder has it only after {@link #accept} established the stream. */
        byte[] hello();

        /** Takes the peer's hello, any bytes. */
        Outcome accept(byte[] peerHello);
    }

    /** What came of a handshake. */
    sealed interface Outcome {}

    record Established(NodeId peer, Channel channel) implements Outcome {}

    record Refused(StreamFault fault) implements Outcome {}

    /** Both directions of an established stream. */
    interface Channel {
        /** The pieces of {@code message}, to be sent in this order with nothing between them. */
        List<byte[]> seal(byte[] message);

        /** The piece that tells the peer that this was all. */
        byte[] finish();

        /** Takes {@code length} received bytes of {@code source} beginning at {@code from}; never throws. */
        List<StreamEvent> onBytes(byte[] source, int from, int length);

        /** Received bytes that wait for the rest of their message. */
        int heldBytes();
    }
}
