package io.culvert.dns.core;

/** Where an answer is written. Used again for each question; confined to one event loop. */
public final class AnswerBuffer {
    /** The longest message that TCP can carry. */
    public static final int CAPACITY = 65_535;

    private final byte[] bytes = new byte[CAPACITY];
    private int length;

    /** The answer is in the first {@link #length()} bytes. */
    public byte[] bytes() {
        return bytes;
    }

    public int length() {
        return length;
    }

    void clear() {
        length = 0;
    }

    void putByte(int value) {
        bytes[length] = (byte) value;
        length++;
    }

    void putShort(int value) {
        bytes[length] = (byte) (value >>> 8);
        bytes[length + 1] = (byte) value;
        length += Short.BYTES;
    }

    void putInt(int value) {
        putShort(value >>> 16);
        putShort(value);
    }

    void put(byte[] source, int from, int count) {
        System.arraycopy(source, from, bytes, length, count);
        length += count;
    }

    void put(byte[] source) {
        put(source, 0, source.length);
    }
}
