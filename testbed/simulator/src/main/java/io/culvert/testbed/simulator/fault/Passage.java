package io.culvert.testbed.simulator.fault;

import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.function.BiFunction;

/** One packet on its way over one link, and what the faults there make of it. */
public final class Passage {
    private final int from;
    private final int to;
    private final long now;
    private final SplittableRandom chance;
    private final boolean stream;
    private byte[] packet;
    private long delay;
    private int copies = 1;
    private boolean lost;
    private BiFunction<Integer, Integer, long[]> memories = (here, there) -> new long[1];

    Passage(int from, int to, byte[] packet, Moment moment) {
        this.from = from;
        this.to = to;
        this.packet = packet;
        this.now = moment.now;
        this.chance = moment.chance;
        this.stream = moment.stream;
    }

    /** @param stream whether it is a segment of a stream, whose loss turns into delay */
    record Moment(long now, SplittableRandom chance, boolean stream) {}

    void remembering(BiFunction<Integer, Integer, long[]> changed) {
        memories = changed;
    }

    public int from() {
        return from;
    }

    public int to() {
        return to;
    }

    /** Nanoseconds since the beginning. */
    public long now() {
        return now;
    }

    SplittableRandom chance() {
        return chance;
    }

    boolean isStream() {
        return stream;
    }

    public int length() {
        return packet.length;
    }

    /** What the fault remembers of this link; zero at first. */
    long[] memory() {
        return memoryOf(from, to);
    }

    long[] memoryOf(int here, int there) {
        return memories.apply(here, there);
    }

    void loseWithChance(double share) {
        lost |= chance.nextDouble() < share;
    }

    void lose() {
        lost = true;
    }

    void delay(long nanos) {
        delay += nanos;
    }

    void repeat() {
        copies++;
    }

    // A stream's checksum would notice: the segment counts as lost.
    void flipBit() {
        if (packet.length == 0) {
            return;
        }
        int bit = chance.nextInt(packet.length * 8);
        packet = packet.clone();
        packet[bit / 8] ^= (byte) (1 << bit % 8);
        lost |= stream;
    }

    void truncate() {
        packet = Arrays.copyOf(packet, chance.nextInt(Math.max(1, packet.length)));
        lost |= stream;
    }

    public boolean isLost() {
        return lost;
    }

    /** As it arrives: perhaps not as it was sent. */
    public byte[] packet() {
        return packet;
    }

    /** How many arrive, each by its own way. */
    public int copies() {
        return copies;
    }

    /** Nanoseconds on top of what the way takes anyhow. */
    public long delayNanos() {
        return delay;
    }
}
