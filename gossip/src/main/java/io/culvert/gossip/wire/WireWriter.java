package io.culvert.gossip.wire;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Builds what {@link WireReader} reads. Values that do not fit their field are our own mistake and throw
 * {@link IllegalArgumentException}. Not thread safe.
 */
public final class WireWriter {
    private byte[] target;
    private int length;

    public WireWriter() {
        this(64);
    }

    public WireWriter(int expectedBytes) {
        this.target = new byte[expectedBytes];
    }

    public int length() {
        return length;
    }

    public WireWriter u8(int value) {
        return number(value, 1);
    }

    public WireWriter u16(int value) {
        return number(value, 2);
    }

    public WireWriter u32(long value) {
        return number(value, 4);
    }

    public WireWriter u48(long value) {
        return number(value, 6);
    }

    /** All 64 bits as they are. */
    public WireWriter u64(long value) {
        return append(value, 8);
    }

    public WireWriter flag(boolean value) {
        return u8(value ? 1 : 0);
    }

    public WireWriter varint(long value) {
        if (value < 0) {
            throw new IllegalArgumentException("varint of " + value + " (expected: not negative)");
        }
        long rest = value;
        while (rest >= 0x80) {
            append(rest & 0x7f | 0x80, 1);
            rest >>>= 7;
        }
        return append(rest, 1);
    }

    /** The bytes alone, without a length. */
    public WireWriter bytes(byte[] value) {
        ensure(value.length);
        System.arraycopy(value, 0, target, length, value.length);
        length += value.length;
        return this;
    }

    /** A varint length and the bytes. */
    public WireWriter block(byte[] value) {
        return varint(value.length).bytes(value);
    }

    /** A varint length and the UTF-8 of {@code value}. */
    public WireWriter text(String value) {
        return block(value.getBytes(StandardCharsets.UTF_8));
    }

    /** All that was written so far, copied. */
    public byte[] toBytes() {
        return Arrays.copyOf(target, length);
    }

    private WireWriter number(long value, int bytes) {
        if (value < 0 || value >>> 8 * bytes != 0) {
            throw new IllegalArgumentException("number " + value + " does not fit " + bytes + " bytes");
        }
        return append(value, bytes);
    }

    private WireWriter append(long value, int bytes) {
        ensure(bytes);
        for (int shift = 8 * (bytes - 1); shift >= 0; shift -= 8) {
            target[length++] = (byte) (value >>> shift);
        }
        return this;
    }

    private void ensure(int more) {
        if (length + more > target.length) {
            target = Arrays.copyOf(target, Math.max(length + more, 2 * target.length));
        }
    }
}
