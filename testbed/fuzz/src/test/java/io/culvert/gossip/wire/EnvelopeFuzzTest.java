package io.culvert.gossip.wire;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.culvert.catalog.NodeId;
import io.culvert.gossip.identity.PoolLabel;
import io.culvert.gossip.keyring.KeySchedules;
import io.culvert.gossip.keyring.Keyring;
import io.culvert.gossip.keyring.PoolKey;
import io.culvert.gossip.wire.EnvelopeOutcome.Opened;
import io.culvert.gossip.wire.EnvelopeOutcome.Rejected;
import java.util.Arrays;
import java.util.SplittableRandom;

/** Strangers get nothing in; holders of the pool key get in what they like, but never an exception or an unbounded table. */
class EnvelopeFuzzTest {
    private static final KeySchedules KEYS =
            new KeySchedules(new PoolLabel("fuzz"), Keyring.of(PoolKey.of(new byte[PoolKey.BYTES])));
    private static final NodeId SELF = new NodeId(1, 1);
    private static final EnvelopeBounds BOUNDS = new EnvelopeBounds(4, 4);

    private final EnvelopeOpener opener = new EnvelopeOpener(KEYS, SELF, 1, new SplittableRandom(1), BOUNDS);

    @FuzzTest(maxDuration = "1h")
    void any_packet_is_opened_or_rejected(byte[] packet) {
        assertThat(opener.open(packet, 0, packet.length)).isInstanceOf(Rejected.class);
        byte[] sealed = sealedByAnInsider(packet);
        EnvelopeOutcome outcome = opener.open(sealed, 0, sealed.length);
        if (outcome instanceof Opened opened) {
            assertThat(opened.payload().length).isLessThanOrEqualTo(sealed.length - Envelope.OVERHEAD_BYTES);
            assertThat(opener.open(sealed, 0, sealed.length)).isInstanceOf(Rejected.class);
        }
        assertThat(opener.sessions()).isLessThanOrEqualTo(8);
    }

    /** Header as in the input where it is one of ours, the rest of it encrypted under the right key. */
    private static byte[] sealedByAnInsider(byte[] input) {
        byte[] header = Arrays.copyOf(input, Envelope.HEADER_BYTES);
        header[0] = Envelope.VERSION;
        System.arraycopy(new WireWriter(4).u32(KEYS.primary().keyId()).toBytes(), 0, header, 2, 4);
        byte[] plain = input.length <= Envelope.HEADER_BYTES
                ? new byte[0]
                : Arrays.copyOfRange(input, Envelope.HEADER_BYTES, input.length);
        try {
            WireReader reader = WireReader.of(header, 6, 32);
            NodeId sender = NodeId.of(reader.bytes(NodeId.BYTES, "sender"));
            long session = reader.u64("session");
            long counter = reader.u64("counter");
            byte[] packet = Arrays.copyOf(header, header.length + plain.length + Envelope.TAG_BYTES);
            byte[][] associated = {header, KEYS.label().bytes(), SELF.bytes()};
            new AeadCipher()
                    .seal(KEYS.primary().packetKey(sender, session), counter, associated, plain, packet, header.length);
            return packet;
        } catch (MalformedFrame impossible) {
            throw new AssertionError(impossible);
        }
    }
}
