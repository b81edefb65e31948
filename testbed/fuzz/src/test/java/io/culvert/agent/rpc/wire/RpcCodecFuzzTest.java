package io.culvert.agent.rpc.wire;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;

/** Frames of requests between agents; joining hosts send them before they are anybody. */
class RpcCodecFuzzTest {
    private final RpcCodec codec = new RpcCodec(16_384);

    @FuzzTest
    void any_bytes_are_frames_that_write_the_same_bytes_or_a_fault(byte[] bytes) {
        ByteBuf in = Unpooled.wrappedBuffer(bytes);
        try {
            int from = in.readerIndex();
            for (RpcFrame frame = codec.decode(in); frame != null; frame = codec.decode(in)) {
                ByteBuf written = Unpooled.buffer();
                codec.encode(frame, written);
                assertThat(written).isEqualTo(in.slice(from, in.readerIndex() - from));
                from = in.readerIndex();
            }
        } catch (RpcFrameFault fault) {
            assertThat(fault.getMessage()).isNotBlank();
        }
    }
}
