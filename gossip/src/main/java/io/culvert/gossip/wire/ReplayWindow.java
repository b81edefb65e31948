package io.culvert.gossip.wire;

import java.util.Arrays;

/** Which of the newest 1,024 counters of a session were seen; RFC 6479's ring of bits. Counters are unsigned. */
final class ReplayWindow {
    static final int SIZE = 1_024;

    private final long[] seen = new long[SIZE / Long.SIZE];
    private long highest;

    boolean isBelow(long counter) {
        return Long.compareUnsigned(counter, highest) <= 0 && Long.compareUnsigned(highest - counter, SIZE) >= 0;
    }

    /** Only for a counter that is not {@linkplain #isBelow below}. */
    boolean wasSeen(long counter) {
        return Long.compareUnsigned(counter, highest) <= 0 && (seen[word(counter)] & bit(counter)) != 0;
    }

    /** Only for a counter that is not {@linkplain #isBelow below}, and only after its packet proved authentic. */
    void mark(long counter) {
        if (Long.compareUnsigned(counter, highest) > 0) {
            advance(counter);
        }
        seen[word(counter)] |= bit(counter);
    }

    private void advance(long counter) {
        if (Long.compareUnsigned(counter - highest, SIZE) >= 0) {
            Arrays.fill(seen, 0);
        } else {
            for (long passed = highest + 1; passed != counter + 1; passed++) {
                seen[word(passed)] &= ~bit(passed);
            }
        }
        highest = counter;
    }

    private static int word(long counter) {
        return (int) (counter >>> 6) & SIZE / Long.SIZE - 1;
    }

    private static long bit(long counter) {
        return 1L << counter;
    }
}
