package io.culvert.gossip.transport;

import io.culvert.gossip.wire.PeerAddress;

/** What comes in. Called on the loop; must not throw. */
public interface TransportEvents {
    void onDatagram(byte[] packet, PeerAddress from);

    /** @return the number under which the stream is reported from now on, or 0 to close it at once */
    long onStreamAccepted(PeerAddress from);

    void onStreamOpened(long stream);

    void onStreamBytes(long stream, byte[] bytes);

    /** The stream failed or was ended by the other side; not called after {@link GossipTransport#closeStream}. */
    void onStreamClosed(long stream);
}
