package io.culvert.proxy.frame;

/** Sizes of {@code culvert/1}, in bytes. */
public final class Limits {
    /** u8 type, u8 flags, u16 stream, u32 length. */
    public static final int HEADER = 8;

    /** Header and payload fill exactly four TLS records of 16,384. */
    public static final int DATA = 65_528;

    /** Payload of every other frame. */
    public static final int CONTROL = 4_096;

    /** Longest message of a REFUSED, in UTF-8. */
    public static final int MESSAGE = 256;

    /** After this ordinal comes 1 again. */
    public static final int LAST_ORDINAL = 65_535;

    private Limits() {}

    /** The ordinal of the stream after {@code ordinal}. */
    public static int nextOrdinal(int ordinal) {
        return ordinal == LAST_ORDINAL ? 1 : ordinal + 1;
    }
}
