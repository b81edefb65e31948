package io.culvert.gossip.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.culvert.gossip.wire.MalformedFrame.Reason;
import io.culvert.testbed.kit.Property;
import java.util.SplittableRandom;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WireReaderTest {
    @Test
    void everything_that_is_written_is_read_back() throws Exception {
        byte[] bytes = new WireWriter(1)
                .u8(255)
                .u16(65_535)
                .u32(0xffff_ffffL)
                .u48(0xffff_ffff_ffffL)
                .u64(-1)
                .flag(true)
                .varint(300)
                .text("grün")
                .block(new byte[] {7, 8})
                .bytes(new byte[] {9})
                .toBytes();

        WireReader reader = WireReader.of(bytes);
        assertThat(reader.u8("a")).isEqualTo(255);
        assertThat(reader.u16("b")).isEqualTo(65_535);
        assertThat(reader.u32("c")).isEqualTo(0xffff_ffffL);
        assertThat(reader.u48("d")).isEqualTo(0xffff_ffff_ffffL);
        assertThat(reader.u64("e")).isEqualTo(-1);
        assertThat(reader.flag("f")).isTrue();
        assertThat(reader.varint(300, "g")).isEqualTo(300);
        assertThat(reader.text(5, "h")).isEqualTo("grün");
        assertThat(reader.block(2, "i")).containsExactly(7, 8);
        assertThat(reader.bytes(1, "j")).containsExactly(9);
        reader.end("k");
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 1, 127, 128, 16_383, 16_384, Integer.MAX_VALUE, 0xffff_ffffL, Long.MAX_VALUE})
    void a_varint_is_read_back_at_each_length(long value) throws Exception {
        assertThat(WireReader.of(new WireWriter().varint(value).toBytes()).varint(value, "v"))
                .isEqualTo(value);
    }

    @Test
    void each_fault_has_its_name() {
        refused(Reason.TRUNCATED, () -> WireReader.of(new byte[3]).u32("x"));
        refused(
                Reason.TOO_LARGE,
                () -> WireReader.of(new byte[] {(byte) 0x80, 1}).varint(127, "x"));
        refused(Reason.INVALID, () -> WireReader.of(new byte[] {(byte) 0x81, 0}).varint(127, "x"));
        refused(Reason.TOO_LARGE, () -> WireReader.of(filled(12, 0xff)).varint(Long.MAX_VALUE, "x"));
        refused(Reason.TRUNCATED, () -> WireReader.of(new byte[] {10, 1, 2}).block(100, "x"));
        refused(Reason.TOO_LARGE, () -> WireReader.of(new byte[] {101}).block(100, "x"));
        refused(
                Reason.NOT_TEXT,
                () -> WireReader.of(new byte[] {1, (byte) 0xff}).text(100, "x"));
        refused(Reason.INVALID, () -> WireReader.of(new byte[] {2}).flag("x"));
        refused(Reason.TRUNCATED, () -> WireReader.of(new byte[] {5, 0, 0, 0}).count(10, 1, "x"));
        refused(Reason.TRAILING_BYTES, () -> WireReader.of(new byte[1]).end("x"));
    }

    @Test
    void a_slice_ends_where_it_was_cut_and_the_reader_goes_on_behind_it() throws Exception {
        WireReader reader = WireReader.of(new byte[] {1, 2, 3, 4}, 1, 3);

        WireReader slice = reader.slice(2, "slice");

        assertThat(slice.u16("both")).isEqualTo(0x0203);
        refused(Reason.TRUNCATED, () -> slice.u8("beyond"));
        assertThat(reader.u8("last")).isEqualTo(4);
        assertThatThrownBy(() -> WireReader.of(new byte[4], 2, 3)).isInstanceOf(IndexOutOfBoundsException.class);
    }

    @Test
    void a_number_that_does_not_fit_its_field_is_our_own_mistake() {
        assertThatThrownBy(() -> new WireWriter().u8(256)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new WireWriter().u16(-1)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new WireWriter().u48(1L << 48)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new WireWriter().varint(-1)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void random_bytes_give_values_or_named_faults_and_nothing_else() {
        Property.forSeeds(2_000, random -> {
            WireReader reader = WireReader.of(Property.bytes(random, random.nextInt(40)));
            int before = reader.remaining();
            try {
                for (int i = 0; i < 20; i++) {
                    readSomething(reader, random);
                }
            } catch (MalformedFrame expected) {
                assertThat(expected.field()).isEqualTo("x");
            }
            assertThat(reader.remaining()).isBetween(0, before);
        });
    }

    private static void readSomething(WireReader reader, SplittableRandom random) throws MalformedFrame {
        switch (random.nextInt(8)) {
            case 0 -> assertThat(reader.u8("x")).isBetween(0, 255);
            case 1 -> assertThat(reader.u48("x")).isBetween(0L, (1L << 48) - 1);
            case 2 -> assertThat(reader.varint(1_000, "x")).isBetween(0L, 1_000L);
            case 3 -> assertThat(reader.block(16, "x").length).isLessThanOrEqualTo(16);
            case 4 -> assertThat(reader.text(16, "x").length()).isLessThanOrEqualTo(16);
            case 5 -> assertThat(reader.count(50, 2, "x") * 2).isLessThanOrEqualTo(reader.remaining());
            case 6 -> assertThat(reader.slice(3, "x").remaining()).isEqualTo(3);
            default -> assertThat(reader.u16("x")).isBetween(0, 65_535);
        }
    }

    private static void refused(Reason reason, ThrowingCallable read) {
        assertThatThrownBy(read)
                .asInstanceOf(InstanceOfAssertFactories.type(MalformedFrame.class))
                .satisfies(fault -> assertThat(fault.reason()).isEqualTo(reason));
    }

    private static byte[] filled(int length, int value) {
        byte[] bytes = new byte[length];
        java.util.Arrays.fill(bytes, (byte) value);
        return bytes;
    }
}
