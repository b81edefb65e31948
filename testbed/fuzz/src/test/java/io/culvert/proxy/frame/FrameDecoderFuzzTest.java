package io.culvert.proxy.frame;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.List;

/** Whatever comes in: no exception, no leak, the same frames wherever it is split, and what is read can be written. */
class FrameDecoderFuzzTest {
    private static final class Heard implements FrameSink {
        final List<Object> all = new ArrayList<>();
        long data;

        @Override
        public void frame(Frame frame) {
            all.add(frame);
        }

        @Override
        public void data(int ordinal, ByteBuf bytes) {
            assertThat(ordinal).isBetween(1, Limits.LAST_ORDINAL);
            assertThat(bytes.isReadable()).isTrue();
            data += bytes.readableBytes();
            bytes.release();
        }

        @Override
        public void fault(FrameFault fault, String detail) {
            all.add(fault);
        }
    }

    @FuzzTest
    void any_bytes_are_frames_or_one_fault(byte[] bytes) {
        Heard whole = feed(bytes, bytes.length);
        Heard single = feed(bytes, 1);
        assertThat(single.all).isEqualTo(whole.all);
        assertThat(single.data).isEqualTo(whole.data);
        for (Object heard : whole.all) {
            if (heard instanceof Frame frame) {
                assertThat(reread(frame)).isEqualTo(frame);
            }
        }
        assertThat(whole.all.stream().filter(FrameFault.class::isInstance).count())
                .isLessThanOrEqualTo(1);
    }

    private static Heard feed(byte[] bytes, int step) {
        Heard heard = new Heard();
        FrameDecoder decoder = new FrameDecoder(heard);
        for (int at = 0; at < bytes.length; at += step) {
            ByteBuf part = Unpooled.copiedBuffer(bytes, at, Math.min(step, bytes.length - at));
            decoder.feed(part);
            assertThat(part.refCnt()).isZero();
        }
        return heard;
    }

    private static Object reread(Frame frame) {
        ByteBuf out = Unpooled.buffer();
        FrameEncoder.append(out, frame);
        byte[] bytes = new byte[out.readableBytes()];
        out.readBytes(bytes);
        return feed(bytes, bytes.length).all.get(0);
    }
}
