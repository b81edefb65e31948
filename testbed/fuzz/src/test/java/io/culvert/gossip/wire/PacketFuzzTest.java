package io.culvert.gossip.wire;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.util.List;

/** Every list of frames, as it stands decrypted in a datagram or a stream message. */
class PacketFuzzTest {
    @FuzzTest(maxDuration = "1h")
    void any_bytes_are_frames_or_a_named_fault(byte[] packet) {
        try {
            List<Frame> frames = PacketCodec.decode(packet);
            byte[] written = PacketCodec.encode(frames);
            assertThat(written.length).isEqualTo(Frame.length(frames)).isLessThanOrEqualTo(packet.length);
            assertThat(PacketCodec.encode(PacketCodec.decode(written))).isEqualTo(written);
        } catch (MalformedFrame named) {
            assertThat(named.field()).isNotEmpty();
        }
    }
}
