package io.culvert.gossip.wire;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.culvert.catalog.NodeId;
import io.culvert.gossip.identity.PoolLabel;
import io.culvert.gossip.keyring.KeySchedules;
import io.culvert.gossip.keyring.Keyring;
import io.culvert.gossip.keyring.PoolKey;
import io.culvert.gossip.wire.StreamEvent.Failed;
import io.culvert.gossip.wire.StreamEvent.Message;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;

/** The chunks of an encrypted stream, from a stranger and from a holder of the key. */
class StreamFuzzTest {
    private static final KeySchedules KEYS =
            new KeySchedules(new PoolLabel("fuzz"), Keyring.of(PoolKey.of(new byte[PoolKey.BYTES])));
    private static final byte[] TRANSCRIPT = new byte[32];

    @FuzzTest(maxDuration = "1h")
    void any_bytes_are_messages_or_one_fault(byte[] input) {
        StreamOpener stranger = new StreamOpener(KEYS.primary().streamKey(true, TRANSCRIPT));
        List<StreamEvent> events = stranger.onBytes(input, 0, input.length);
        assertThat(events).allMatch(Failed.class::isInstance).hasSizeLessThanOrEqualTo(1);
        StreamHandshake.responder(KEYS, new NodeId(1, 1), new SplittableRandom(1))
                .accept(input);
        byte[] chunk = chunkOfAnInsider(input);
        StreamOpener opener = new StreamOpener(KEYS.primary().streamKey(true, TRANSCRIPT));
        for (StreamEvent event : opener.onBytes(chunk, 0, chunk.length)) {
            if (event instanceof Message message) {
                assertThat(message.content().length).isLessThanOrEqualTo(input.length);
            }
        }
    }

    private static byte[] chunkOfAnInsider(byte[] input) {
        byte[] data = input.length < 2 ? new byte[0] : Arrays.copyOfRange(input, 1, Math.min(input.length, 65_536));
        byte[] header = new WireWriter(3)
                .u8(input.length == 0 ? 0 : input[0] & 0xff)
                .u16(data.length)
                .toBytes();
        byte[] chunk = Arrays.copyOf(header, header.length + data.length + Envelope.TAG_BYTES);
        new AeadCipher()
                .seal(KEYS.primary().streamKey(true, TRANSCRIPT), 0, new byte[][] {header}, data, chunk, header.length);
        return chunk;
    }
}
