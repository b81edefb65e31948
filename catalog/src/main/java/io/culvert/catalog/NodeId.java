package io.culvert.catalog;

import java.nio.ByteBuffer;
import java.util.HexFormat;

/**
 * The identity of an agent: the first 16 bytes of the SHA-256 of its public key. Names are labels; this is the key
 * under which everything an agent says is filed.
 */
public record NodeId(long high, long low) implements Comparable<NodeId> {
    /** Length of the binary form, in bytes. */
    public static final int BYTES = 16;

    private static final HexFormat HEX = HexFormat.of();

    /** Reads the 16 bytes of {@code bytes}. */
    public static NodeId of(byte[] bytes) {
        if (bytes.length != BYTES) {
            throw new IllegalArgumentException("node id: " + bytes.length + " bytes (expected: " + BYTES + ")");
        }
        ByteBuffer buffer = ByteBuffer.wrap(bytes);
        return new NodeId(buffer.getLong(), buffer.getLong());
    }

    /** Reads the 32 hexadecimal digits that {@link #toString} writes; dashes as in a UUID are allowed. */
    public static NodeId parse(String text) {
        String digits = text.replace("-", "");
        if (digits.length() != 2 * BYTES) {
            throw new IllegalArgumentException("node id: '" + text + "' (expected: 32 hexadecimal digits)");
        }
        return of(HEX.parseHex(digits));
    }

    public byte[] bytes() {
        return ByteBuffer.allocate(BYTES).putLong(high).putLong(low).array();
    }

    /** The form of a UUID, which is what Consul's clients expect of a node id. */
    public String toUuid() {
        String digits = toString();
        return digits.substring(0, 8) + "-" + digits.substring(8, 12) + "-" + digits.substring(12, 16) + "-"
                + digits.substring(16, 20) + "-" + digits.substring(20);
    }

    // An id is a hash already: any of its bits will do. Tables of members ask for little else.
    @Override
    public int hashCode() {
        return Long.hashCode(low);
    }

    @Override
    public boolean equals(Object other) {
        return this == other || other instanceof NodeId id && low == id.low && high == id.high;
    }

    @Override
    public int compareTo(NodeId other) {
        int first = Long.compareUnsigned(high, other.high);
        return first != 0 ? first : Long.compareUnsigned(low, other.low);
    }

    @Override
    public String toString() {
        return HEX.formatHex(bytes());
    }
}
