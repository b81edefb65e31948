package io.culvert.gossip.wire;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.culvert.catalog.NodeId;
import io.culvert.gossip.identity.PoolLabel;
import io.culvert.gossip.keyring.KeySchedules;
import io.culvert.gossip.keyring.Keyring;
import io.culvert.gossip.keyring.PoolKey;
import io.culvert.gossip.wire.StreamHandshakeOutcome.Established;
import io.culvert.gossip.wire.StreamHandshakeOutcome.Refused;
import java.util.Arrays;
import java.util.SplittableRandom;

/** The greeting of a stream, at either end: from a stranger, and with the number of a key that is in use. */
class StreamHandshakeFuzzTest {
    private static final KeySchedules KEYS =
            new KeySchedules(new PoolLabel("fuzz"), Keyring.of(PoolKey.of(new byte[PoolKey.BYTES])));
    private static final NodeId SELF = new NodeId(1, 1);

    @FuzzTest(maxDuration = "1h")
    void any_greeting_is_established_or_refused(byte[] input) {
        check(input);
        byte[] plausible = Arrays.copyOf(input, StreamHandshake.HELLO_BYTES);
        byte[] start = new WireWriter(6).u8(1).u8(0).u32(KEYS.primary().keyId()).toBytes();
        System.arraycopy(start, 0, plausible, 0, start.length);
        check(plausible);
    }

    private static void check(byte[] greeting) {
        StreamHandshakeOutcome answered =
                StreamHandshake.responder(KEYS, SELF, new SplittableRandom(1)).accept(greeting);
        StreamHandshakeOutcome asked =
                StreamHandshake.initiator(KEYS, SELF, new SplittableRandom(2)).accept(greeting);
        assertThat(asked.getClass()).as("both ends judge alike").isEqualTo(answered.getClass());
        if (answered instanceof Established established) {
            assertThat(greeting).hasSize(StreamHandshake.HELLO_BYTES);
            assertThat(established.peer()).isNotEqualTo(SELF);
            // Whoever only guessed a greeting has no keys: the first chunk of anybody else is refused.
            byte[] chunk = established.sealer().finish();
            assertThat(established.opener().onBytes(chunk, 0, chunk.length))
                    .containsExactly(new StreamEvent.Failed(StreamFault.NOT_AUTHENTIC));
        } else {
            assertThat(((Refused) answered).fault())
                    .isIn(
                            StreamFault.MALFORMED,
                            StreamFault.UNKNOWN_VERSION,
                            StreamFault.UNKNOWN_KEY,
                            StreamFault.OWN_IDENTITY);
        }
    }
}
