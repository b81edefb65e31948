package io.culvert.health.probe;

import java.nio.charset.StandardCharsets;

/** Keeps the last bytes of what may be endless. */
final class TailBuffer {
    private final byte[] ring;
    private long total;

    /** @param most bytes kept, at least 1 */
    TailBuffer(int most) {
        ring = new byte[most];
    }

    void append(byte[] bytes, int offset, int length) {
        int skipped = Math.max(0, length - ring.length);
        int from = offset + skipped;
        int left = length - skipped;
        int position = (int) ((total + skipped) % ring.length);
        total += length;
        while (left > 0) {
            int stretch = Math.min(left, ring.length - position);
            System.arraycopy(bytes, from, ring, position, stretch);
            from += stretch;
            left -= stretch;
            position = (position + stretch) % ring.length;
        }
    }

    /** How many bytes went in. */
    long total() {
        return total;
    }

    boolean isCut() {
        return total > ring.length;
    }

    /** What was kept, as UTF-8; a character that lost its beginning is left out. */
    String text() {
        int kept = (int) Math.min(total, ring.length);
        byte[] bytes = new byte[kept];
        int start = isCut() ? (int) (total % ring.length) : 0;
        int first = Math.min(kept, ring.length - start);
        System.arraycopy(ring, start, bytes, 0, first);
        System.arraycopy(ring, 0, bytes, first, kept - first);
        int skip = 0;
        while (isCut() && skip < Math.min(kept, 3) && (bytes[skip] & 0xC0) == 0x80) {
            skip++;
        }
        return new String(bytes, skip, kept - skip, StandardCharsets.UTF_8);
    }

    /** What was kept, behind Consul's mark when something was not. */
    String markedText() {
        return isCut() ? "Captured " + ring.length + " of " + total + " bytes\n...\n" + text() : text();
    }
}
