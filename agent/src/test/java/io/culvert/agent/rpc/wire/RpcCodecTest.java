package io.culvert.agent.rpc.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.culvert.testbed.kit.Property;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class RpcCodecTest {
    private static final int LONGEST = 10_000;
    private final RpcCodec codec = new RpcCodec(LONGEST);

    @Test
    void frames_come_back_as_they_were_however_the_bytes_are_split() {
        Property.forLists(300, 12, RpcCodecTest::random, frames -> {
            ByteBuf bytes = Unpooled.buffer();
            frames.forEach(frame -> codec.encode(frame, bytes));
            SplittableRandom random = new SplittableRandom(bytes.readableBytes());
            ByteBuf received = Unpooled.buffer();
            List<String> read = new ArrayList<>();
            while (bytes.isReadable()) {
                received.writeBytes(bytes, 1 + random.nextInt(bytes.readableBytes()));
                drain(received).forEach(frame -> read.add(text(frame)));
            }
            assertThat(read).isEqualTo(frames.stream().map(RpcCodecTest::text).toList());
            assertThat(received.isReadable()).isFalse();
        });
    }

    @Test
    void random_bytes_give_frames_or_a_fault_and_nothing_else() {
        Property.forSeeds(5_000, random -> {
            ByteBuf bytes = Unpooled.buffer();
            if (random.nextBoolean()) {
                bytes.writeBytes(Property.bytes(random, random.nextInt(100)));
            } else {
                codec.encode(random(random), bytes);
                for (int i = 1 + random.nextInt(3); i > 0; i--) {
                    int at = random.nextInt(bytes.writerIndex());
                    bytes.setByte(at, bytes.getByte(at) ^ 1 << random.nextInt(8));
                }
            }
            try {
                RpcFrame frame = codec.decode(bytes);
                if (frame != null) {
                    ByteBuf again = Unpooled.buffer();
                    codec.encode(frame, again);
                    assertThat(text(java.util.Objects.requireNonNull(codec.decode(again))))
                            .isEqualTo(text(frame));
                }
            } catch (RpcFrameFault fault) {
                assertThat(fault.getMessage()).isNotBlank();
            }
        });
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 4, LONGEST + 1, Integer.MAX_VALUE, -1})
    void a_length_out_of_bounds_is_refused_before_anything_is_waited_for(int length) {
        ByteBuf four = Unpooled.buffer().writeInt(length);
        assertThatThrownBy(() -> codec.decode(four)).isInstanceOf(RpcFrameFault.class);
    }

    @Test
    void a_frame_longer_than_the_limit_is_not_written() {
        ByteBuf out = Unpooled.buffer();
        RpcFrame frame = new RpcFrame.Response(1, new byte[LONGEST]);
        assertThat(codec.fits(frame)).isFalse();
        assertThatThrownBy(() -> codec.encode(frame, out)).isInstanceOf(IllegalArgumentException.class);
        assertThat(out.isReadable()).isFalse();
        assertThat(codec.fits(new RpcFrame.Response(1, new byte[LONGEST - 5]))).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "UPPER", "a b", "ä"})
    void a_method_has_a_plain_name(String name) {
        assertThatThrownBy(() -> new RpcFrame.Request(1, 1, name, new byte[0]))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void a_request_wants_an_answer_in_some_time() {
        assertThatThrownBy(() -> new RpcFrame.Request(1, 0, "a", new byte[0])).hasMessageContaining("timeout");
    }

    @ParameterizedTest
    @EnumSource(RpcError.class)
    void every_error_that_can_be_told_comes_back(RpcError error) {
        assertThat(RpcError.of(error.code()).isPresent()).isEqualTo(error != RpcError.CONNECTION_LOST);
        if (error != RpcError.CONNECTION_LOST) {
            assertThat(RpcError.of(error.code())).hasValue(error);
        }
    }

    @Test
    void a_long_message_is_cut_to_what_the_wire_takes() throws RpcFrameFault {
        ByteBuf out = Unpooled.buffer();
        codec.encode(new RpcFrame.Failure(1, RpcError.REFUSED, "ä".repeat(5_000)), out);
        assertThat(((RpcFrame.Failure) java.util.Objects.requireNonNull(codec.decode(out))).message())
                .startsWith("ää");
    }

    private List<RpcFrame> drain(ByteBuf received) {
        List<RpcFrame> frames = new ArrayList<>();
        try {
            for (RpcFrame frame = codec.decode(received); frame != null; frame = codec.decode(received)) {
                frames.add(frame);
            }
        } catch (RpcFrameFault e) {
            throw new AssertionError(e);
        }
        return frames;
    }

    private static RpcFrame random(SplittableRandom random) {
        int id = 1 + random.nextInt(Integer.MAX_VALUE - 1);
        byte[] payload = Property.bytes(random, random.nextInt(200));
        return switch (random.nextInt(4)) {
            case 0 -> new RpcFrame.Request(id, 1 + random.nextInt(1_000_000), "m." + random.nextInt(99), payload);
            case 1 -> new RpcFrame.Response(id, payload);
            case 2 -> new RpcFrame.Failure(id, RpcError.values()[random.nextInt(7)], "no " + random.nextInt());
            default -> new RpcFrame.Cancel(id);
        };
    }

    private static String text(RpcFrame frame) {
        if (frame instanceof RpcFrame.Request request) {
            return "request " + request.id() + " " + request.timeoutMillis() + " " + request.method() + " "
                    + java.util.HexFormat.of().formatHex(request.payload());
        }
        return frame instanceof RpcFrame.Response response
                ? "response " + response.id() + " " + java.util.HexFormat.of().formatHex(response.payload())
                : frame.toString();
    }
}
