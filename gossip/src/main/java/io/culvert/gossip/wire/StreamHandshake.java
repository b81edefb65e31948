package io.culvert.gossip.wire;

import io.culvert.catalog.NodeId;
import io.culvert.gossip.keyring.KeySchedule;
import io.culvert.gossip.keyring.KeySchedules;
import io.culvert.gossip.wire.StreamHandshakeOutcome.Established;
import io.culvert.gossip.wire.StreamHandshakeOutcome.Refused;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Agrees on the keys of one stream. Each side says once in the clear:
 * <pre>
 * version u8 = 1, flags u8 = 0, keyId u32, sender 16, nonce 16
 * </pre>
 * The initiator speaks first and chooses the pool key; the responder answers with the same one. Both nonces enter the
 * keys, so that no recording of a stream, of either side, opens in another. Who does not hold the pool key notices
 * nothing until his first chunk is refused. Pure; one object for one stream.
 */
public final class StreamHandshake {
    public static final int HELLO_BYTES = 38;

    private static final int VERSION = 1;
    private static final int NONCE_BYTES = 16;

    private final KeySchedules keys;
    private final NodeId self;
    private final RandomGenerator random;
    private final boolean initiator;
    private byte @Nullable [] ownHello;

    private StreamHandshake(KeySchedules keys, NodeId self, RandomGenerator random, boolean initiator) {
        this.keys = keys;
        this.self = self;
        this.random = random;
        this.initiator = initiator;
    }

    /** @param random unpredictable in production */
    public static StreamHandshake initiator(KeySchedules keys, NodeId self, RandomGenerator random) {
        StreamHandshake handshake = new StreamHandshake(keys, self, random, true);
        handshake.ownHello = handshake.newHello(keys.primary().keyId());
        return handshake;
    }

    /** @param random unpredictable in production */
    public static StreamHandshake responder(KeySchedules keys, NodeId self, RandomGenerator random) {
        return new StreamHandshake(keys, self, random, false);
    }

    /** What to send first; a responder has it only after {@link #accept} established the stream. */
    public byte[] hello() {
        byte[] hello = ownHello;
        if (hello == null) {
            throw new IllegalStateException("a responder speaks after the initiator");
        }
        return hello.clone();
    }

    /** Takes the peer's {@link #HELLO_BYTES} bytes. Any bytes give an outcome; only the first call counts. */
    public StreamHandshakeOutcome accept(byte[] peerHello) {
        try {
            return established(WireReader.of(peerHello), peerHello);
        } catch (MalformedFrame malformed) {
            return new Refused(StreamFault.MALFORMED);
        }
    }

    private StreamHandshakeOutcome established(WireReader reader, byte[] peerHello) throws MalformedFrame {
        boolean known = reader.u8("version") == VERSION & reader.u8("flags") == 0;
        long keyId = reader.u32("key id");
        NodeId peer = NodeId.of(reader.bytes(NodeId.BYTES, "sender"));
        reader.bytes(NONCE_BYTES, "nonce");
        reader.end("hello");
        if (!known) {
            return new Refused(StreamFault.UNKNOWN_VERSION);
        }
        KeySchedule schedule = initiator && keyId != keys.primary().keyId() ? null : keys.find(keyId);
        if (schedule == null) {
            return new Refused(StreamFault.UNKNOWN_KEY);
        }
        if (peer.equals(self)) {
            return new Refused(StreamFault.OWN_IDENTITY);
        }
        if (!initiator) {
            ownHello = newHello(keyId);
        }
        byte[] transcript = initiator ? transcript(hello(), peerHello) : transcript(peerHello, hello());
        return new Established(
                peer,
                new StreamSealer(schedule.streamKey(initiator, transcript)),
                new StreamOpener(schedule.streamKey(!initiator, transcript)));
    }

    private byte[] newHello(long keyId) {
        byte[] nonce = new byte[NONCE_BYTES];
        random.nextBytes(nonce);
        return new WireWriter(HELLO_BYTES)
                .u8(VERSION)
                .u8(0)
                .u32(keyId)
                .bytes(self.bytes())
                .bytes(nonce)
                .toBytes();
    }

    private static byte[] transcript(byte[] fromInitiator, byte[] fromResponder) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            digest.update(fromInitiator);
            return digest.digest(Arrays.copyOf(fromResponder, HELLO_BYTES));
        } catch (NoSuchAlgorithmException missing) {
            throw new IllegalStateException("this Java has no SHA-256", missing);
        }
    }
}
