package io.culvert.gossip.wire;

import io.culvert.gossip.wire.MalformedFrame.Reason;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Objects;

/**
 * A cursor over a fixed piece of an array that somebody else filled. Every length and count is checked against its own
 * bound and against the bytes that are really there before anything is allocated. Numbers are big-endian; {@code varint}
 * is LEB128 without superfluous bytes. Not thread safe.
 */
public final class WireReader {
    private final byte[] source;
    private final int limit;
    private int position;

    private WireReader(byte[] source, int from, int length) {
        this.source = source;
        this.position = from;
        this.limit = from + length;
    }

    /** Reads {@code source}, which must not change while it is read. */
    public static WireReader of(byte[] source) {
        return new WireReader(source, 0, source.length);
    }

    /** Reads {@code length} bytes of {@code source} beginning at {@code from}. */
    public static WireReader of(byte[] source, int from, int length) {
        return new WireReader(source, Objects.checkFromIndexSize(from, length, source.length), length);
    }

    public int remaining() {
        return limit - position;
    }

    /** Index in the source of the next byte to be read. */
    public int position() {
        return position;
    }

    public int u8(String field) throws MalformedFrame {
        need(1, field);
        return source[position++] & 0xff;
    }

    public int u16(String field) throws MalformedFrame {
        return (int) number(2, field);
    }

    public long u32(String field) throws MalformedFrame {
        return number(4, field);
    }

    public long u48(String field) throws MalformedFrame {
        return number(6, field);
    }

    /** All 64 bits; negative when the top bit is set. */
    public long u64(String field) throws MalformedFrame {
        return number(8, field);
    }

    /** One byte, 0 or 1. */
    public boolean flag(String field) throws MalformedFrame {
        int value = u8(field);
        if (value > 1) {
            throw new MalformedFrame(Reason.INVALID, field);
        }
        return value == 1;
    }

    /** An unsigned number of at most {@code maximum}, in 1 to 9 bytes. */
    public long varint(long maximum, String field) throws MalformedFrame {
        long value = 0;
        for (int shift = 0; shift < 63; shift += 7) {
            int octet = u8(field);
            value |= (long) (octet & 0x7f) << shift;
            if (octet < 0x80) {
                if (octet == 0 && shift > 0) {
                    throw new MalformedFrame(Reason.INVALID, field);
                }
                return bounded(value, maximum, field);
            }
        }
        throw new MalformedFrame(Reason.TOO_LARGE, field);
    }

    /**
     * How many elements follow.
     *
     * @param bytesEach the least that one element takes: the count cannot promise more than the bytes left can hold
     */
    public int count(int maximum, int bytesEach, String field) throws MalformedFrame {
        long count = varint(maximum, field);
        if (count * bytesEach > remaining()) {
            throw new MalformedFrame(Reason.TRUNCATED, field);
        }
        return (int) count;
    }

    /** Exactly {@code length} bytes, copied. */
    public byte[] bytes(int length, String field) throws MalformedFrame {
        need(length, field);
        byte[] copy = Arrays.copyOfRange(source, position, position + length);
        position += length;
        return copy;
    }

    /** A varint length of at most {@code maximum} and that many bytes, copied. */
    public byte[] block(int maximum, String field) throws MalformedFrame {
        return bytes((int) varint(maximum, field), field);
    }

    /** A varint length of at most {@code maximumBytes} and that much UTF-8. */
    public String text(int maximumBytes, String field) throws MalformedFrame {
        int length = (int) varint(maximumBytes, field);
        need(length, field);
        try {
            String text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(source, position, length))
                    .toString();
            position += length;
            return text;
        } catch (CharacterCodingException invalid) {
            throw new MalformedFrame(Reason.NOT_TEXT, field);
        }
    }

    /** The next {@code length} bytes as a reader of their own; this one continues behind them. */
    public WireReader slice(int length, String field) throws MalformedFrame {
        need(length, field);
        WireReader slice = new WireReader(source, position, length);
        position += length;
        return slice;
    }

    /** Refuses bytes behind the last field. */
    public void end(String field) throws MalformedFrame {
        if (remaining() > 0) {
            throw new MalformedFrame(Reason.TRAILING_BYTES, field);
        }
    }

    private static long bounded(long value, long maximum, String field) throws MalformedFrame {
        if (value < 0 || value > maximum) {
            throw new MalformedFrame(Reason.TOO_LARGE, field);
        }
        return value;
    }

    private long number(int length, String field) throws MalformedFrame {
        need(length, field);
        long value = 0;
        for (int i = 0; i < length; i++) {
            value = value << 8 | source[position++] & 0xff;
        }
        return value;
    }

    private void need(int length, String field) throws MalformedFrame {
        if (length > remaining()) {
            throw new MalformedFrame(Reason.TRUNCATED, field);
        }
    }
}
