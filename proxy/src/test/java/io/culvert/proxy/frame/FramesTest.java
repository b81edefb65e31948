package io.culvert.proxy.frame;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.culvert.catalog.IpAddress;
import io.culvert.testbed.kit.Property;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FramesTest {
    private static final ByteBufAllocator BUFFERS = UnpooledByteBufAllocator.DEFAULT;
    private static final Id128 ID = new Id128(0x0102030405060708L, 0x1112131415161718L);

    /** Remembers what a decoder says; DATA of one frame is joined, whatever pieces it came in. */
    private static final class Heard implements FrameSink {
        final List<Object> all = new ArrayList<>();
        final ByteArrayOutputStream data = new ByteArrayOutputStream();
        FrameFault fault = FrameFault.TOO_LONG;
        boolean faulty;

        @Override
        public void frame(Frame frame) {
            all.add(frame);
        }

        @Override
        public void data(int ordinal, ByteBuf bytes) {
            assertThat(bytes.isReadable()).isTrue();
            while (bytes.isReadable()) {
                data.write(bytes.readByte());
            }
            bytes.release();
        }

        @Override
        public void fault(FrameFault found, String detail) {
            assertThat(faulty).as("one fault only").isFalse();
            faulty = true;
            fault = found;
        }
    }

    private static List<Frame> oneOfEach() {
        return List.of(
                new Hello(1, 0, 77, 65_528, 0, 60_000, 3_600_000, ID),
                new Open(
                        3,
                        AppTransport.TCP,
                        0,
                        Optional.of(new Open.Caller(IpAddress.parse("127.0.0.1"), 40_000)),
                        "mysql",
                        "mysql-1",
                        "admin",
                        ID,
                        9_000,
                        "v2"),
                new Open(
                        4,
                        AppTransport.TCP,
                        0,
                        Optional.of(new Open.Caller(IpAddress.parse("fd00::7"), 1)),
                        "größe",
                        "",
                        "",
                        ID,
                        0,
                        ""),
                new Open(5, AppTransport.UNIX, 1, Optional.empty(), "x", "y", "", ID, 1, ""),
                new Opened(5, AppTransport.UNIX, 120),
                Refused.of(5, RefusalCode.CONNECT_REFUSED, "nobody listens"),
                new Fin(5, Long.MAX_VALUE),
                new Reset(5, ResetCode.POLICY, 12),
                new Ready(65_535),
                new GoAway(GoAwayReason.DRAINING.code(), 5_000),
                new Ping(-1),
                new Pong(42));
    }

    private static Heard decode(byte[] bytes, SplittableRandom random) {
        Heard heard = new Heard();
        FrameDecoder decoder = new FrameDecoder(heard);
        int at = 0;
        while (at < bytes.length) {
            int length = Math.min(bytes.length - at, 1 + random.nextInt(bytes.length));
            decoder.feed(BUFFERS.buffer().writeBytes(bytes, at, length));
            at += length;
        }
        return heard;
    }

    private static byte[] bytes(List<Frame> frames) {
        ByteBuf out = BUFFERS.buffer();
        frames.forEach(frame -> FrameEncoder.append(out, frame));
        byte[] bytes = new byte[out.readableBytes()];
        out.readBytes(bytes);
        out.release();
        return bytes;
    }

    @Test
    void every_frame_is_read_as_it_was_written() {
        Heard heard = decode(bytes(oneOfEach()), new SplittableRandom(1));
        assertThat(heard.faulty).isFalse();
        assertThat(heard.all).isEqualTo(List.<Object>copyOf(oneOfEach()));
    }

    @Test
    void a_split_at_any_byte_changes_nothing() {
        byte[] all = bytes(oneOfEach());
        for (int split = 1; split < all.length; split++) {
            Heard heard = new Heard();
            FrameDecoder decoder = new FrameDecoder(heard);
            decoder.feed(BUFFERS.buffer().writeBytes(all, 0, split));
            decoder.feed(BUFFERS.buffer().writeBytes(all, split, all.length - split));
            assertThat(heard.all).as("split at %d", split).isEqualTo(List.<Object>copyOf(oneOfEach()));
            assertThat(decoder.isInsideFrame()).isFalse();
        }
    }

    @Test
    void data_is_passed_on_as_it_comes_and_whole() {
        Property.forSeeds(200, random -> {
            byte[] payload = Property.bytes(random, 1 + random.nextInt(Limits.DATA));
            ByteBuf frame = BUFFERS.buffer().writeZero(Limits.HEADER).writeBytes(payload);
            frame.readerIndex(Limits.HEADER);
            FrameEncoder.prependDataHeader(frame, 9);
            FrameEncoder.append(frame, new Fin(9, payload.length));
            byte[] bytes = new byte[frame.readableBytes()];
            frame.readBytes(bytes);
            frame.release();
            Heard heard = decode(bytes, random);
            assertThat(heard.data.toByteArray()).isEqualTo(payload);
            assertThat(heard.all).containsExactly(new Fin(9, payload.length));
        });
    }

    /** The wire, byte by byte: whoever changes it breaks agents that are running. */
    @ParameterizedTest
    @CsvSource({
        "06000005000000080000000000000102, FIN of stream 5 after 258 bytes",
        "070000050000000a0003000000000000000c, RESET by policy after 12",
        "0800000000000002ffff, READY for 65535",
        "09000000000000060004000013 88, GOAWAY draining 5000 ms",
        "0a00000000000008ffffffffffffffff, PING",
        "030000050000000502 00000078, OPENED by UNIX in 120 us",
    })
    void the_bytes_on_the_wire_stay_what_they_are(String hex, String meaning) {
        byte[] bytes = HexFormat.of().parseHex(hex.replace(" ", ""));
        Heard heard = decode(bytes, new SplittableRandom(2));
        assertThat(heard.faulty).as(meaning).isFalse();
        assertThat(bytes(List.of((Frame) heard.all.get(0)))).as(meaning).isEqualTo(bytes);
    }

    @ParameterizedTest
    @CsvSource({
        "0f00000000000000, UNKNOWN_TYPE",
        "0000000000000001, UNKNOWN_TYPE",
        "ff00000000000001, UNKNOWN_TYPE",
        "050000010000fff9, TOO_LONG",
        "0600000100001001, TOO_LONG",
        "05000001ffffffff, TOO_LONG",
        "0500000100000000, EMPTY_DATA",
        "0500000000000001, WRONG_STREAM",
        "0800000100000002, WRONG_STREAM",
        "0600000000000008, WRONG_STREAM",
        "0600000100000000, MALFORMED",
        "060000010000000700000000000000, MALFORMED",
        "0600000100000009000000000000000000, MALFORMED",
        "0600000100000008ffffffffffffffff, MALFORMED",
        "08000000000000020000, MALFORMED",
        "070000010000000a00000000000000000000, MALFORMED",
        "03000001000000050300000000, MALFORMED",
        "0400000100000005000000 0000, MALFORMED",
        "0400000100000007000103 00026161, MALFORMED",
        "0400000100000006000100 0001ff, MALFORMED",
        "0300000100000009010000000000070000, UNSUPPORTED_TLV",
    })
    void what_breaks_the_format_is_one_fault(String hex, FrameFault fault) {
        byte[] bytes = HexFormat.of().parseHex(hex.replace(" ", ""));
        Heard heard = decode(bytes, new SplittableRandom(3));
        assertThat(heard.faulty).isTrue();
        assertThat(heard.fault).isEqualTo(fault);
        assertThat(heard.all).isEmpty();
    }

    @Test
    void extensions_of_even_types_are_skipped() {
        byte[] bytes = HexFormat.of().parseHex("030000010000000b0100000000" + "00080002aabb");
        assertThat(decode(bytes, new SplittableRandom(4)).all).containsExactly(new Opened(1, AppTransport.TCP, 0));
    }

    @Test
    void codes_of_a_newer_version_are_not_faults() {
        Heard heard = decode(
                HexFormat.of().parseHex("040000010000000503e7010000" + "070000010000000a03e70000000000000000"),
                new SplittableRandom(5));
        assertThat(heard.all)
                .containsExactly(
                        new Refused(1, RefusalCode.UNSUPPORTED, Refused.Retry.OTHER_INSTANCE, ""),
                        new Reset(1, ResetCode.INTERNAL, 0));
    }

    @Test
    void nothing_is_heard_after_a_fault() {
        Heard heard = new Heard();
        FrameDecoder decoder = new FrameDecoder(heard);
        ByteBuf bytes = BUFFERS.buffer().writeLong(0).writeBytes(bytes(List.of(new Ping(1))));
        decoder.feed(bytes);
        decoder.feed(BUFFERS.buffer().writeBytes(bytes(List.of(new Ping(1)))));
        assertThat(heard.faulty).isTrue();
        assertThat(heard.all).isEmpty();
        assertThat(bytes.refCnt()).isZero();
    }

    @Test
    void random_bytes_never_throw_and_never_leak() {
        Property.forSeeds(3_000, random -> {
            byte[] bytes = Property.bytes(random, random.nextInt(600));
            decode(bytes, random);
        });
    }

    @Test
    void flipped_bits_never_throw() {
        byte[] good = bytes(oneOfEach());
        Property.forSeeds(5_000, random -> {
            byte[] bad = good.clone();
            for (int flips = 1 + random.nextInt(4); flips > 0; flips--) {
                bad[random.nextInt(bad.length)] ^= (byte) (1 << random.nextInt(8));
            }
            decode(bad, random);
        });
    }

    @Test
    void a_header_alone_allocates_nothing_of_the_length_it_names() {
        Heard heard = new Heard();
        FrameDecoder decoder = new FrameDecoder(heard);
        decoder.feed(Unpooled.wrappedBuffer(HexFormat.of().parseHex("02000001ffffffff")));
        assertThat(heard.fault).isEqualTo(FrameFault.TOO_LONG);
    }

    @Test
    void a_long_message_is_cut_to_what_fits() {
        byte[] bytes = bytes(List.of(Refused.of(1, RefusalCode.OVERLOAD, "ü".repeat(1_000))));
        Heard heard = decode(bytes, new SplittableRandom(6));
        assertThat(((Refused) heard.all.get(0)).message()).startsWith("üüü").hasSizeLessThan(Limits.MESSAGE);
    }

    @Test
    void ordinals_wrap_to_one() {
        assertThat(Limits.nextOrdinal(1)).isEqualTo(2);
        assertThat(Limits.nextOrdinal(65_535)).isEqualTo(1);
    }

    @Test
    void values_out_of_range_cannot_be_made() {
        assertThatThrownBy(() -> new Ready(0)).hasMessageContaining("READY next ordinal: 0");
        assertThatThrownBy(() -> new Hello(2, 0, 0, 65_528, 0, 0, 0, ID)).hasMessageContaining("HELLO version: 2");
        assertThatThrownBy(() -> new Hello(1, 0, 0, 100, 0, 0, 0, ID)).hasMessageContaining("max_frame: 100");
    }
}
