package io.culvert.gossip.wire;

/**
 * SWIM's incarnation number, inside an epoch that grows with every start of the process. Compared lexicographically, both
 * parts unsigned. Only the member itself ever raises it.
 *
 * @param epoch 48 bits: at least the Unix time in seconds of the start
 * @param number raised by one with each refutation
 */
public record Incarnation(long epoch, long number) implements Comparable<Incarnation> {
    public static final long MAX_EPOCH = (1L << 48) - 1;
    public static final Incarnation NONE = new Incarnation(0, 0);

    public Incarnation {
        if (epoch < 0 || epoch > MAX_EPOCH) {
            throw new IllegalArgumentException("epoch: " + epoch + " (expected: 0 to 2^48 - 1)");
        }
    }

    public Incarnation next() {
        return new Incarnation(epoch, number + 1);
    }

    public boolean isNewerThan(Incarnation other) {
        return compareTo(other) > 0;
    }

    @Override
    public int compareTo(Incarnation other) {
        int byEpoch = Long.compare(epoch, other.epoch);
        return byEpoch != 0 ? byEpoch : Long.compareUnsigned(number, other.number);
    }

    @Override
    public String toString() {
        return epoch + "." + Long.toUnsignedString(number);
    }
}
