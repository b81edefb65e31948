package io.culvert.testbed.simulator.fault;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/** The faults that lie on links now. Without any, a network asks nothing but {@link #isClear}. */
public final class Links {
    private static final long RETRANSMIT_NANOS = 200_000_000L;
    private static final int MOST_RETRIES = 5;
    private static final int LARGEST_SEGMENT = 1_400;
    // Headers of IP and TCP: all that an empty segment is.
    private static final int SEGMENT_HEADERS = 40;

    private final List<Active> active = new ArrayList<>();
    private final List<StreamFault> onStreams = new ArrayList<>();

    /** A fault, and what it remembers of each link. */
    private record Active(LinkFault fault, boolean everywhere, Map<Long, long[]> memory) {
        boolean befalls(int from, int to) {
            return everywhere || fault.from().contains(from) && fault.to().contains(to);
        }

        long[] memory(int from, int to) {
            return memory.computeIfAbsent((long) from << 32 | to, unused -> new long[1]);
        }
    }

    void add(LinkFault fault) {
        active.add(new Active(fault, false, new HashMap<>()));
    }

    /** For a fault that looks at every link, and chooses itself. */
    void addEverywhere(LinkFault fault) {
        active.add(new Active(fault, true, new HashMap<>()));
    }

    /** One of the equal ones ends. */
    void remove(LinkFault fault) {
        for (Active one : active) {
            if (one.fault.equals(fault)) {
                active.remove(one);
                return;
            }
        }
    }

    void add(StreamFault fault) {
        onStreams.add(fault);
    }

    void remove(StreamFault fault) {
        onStreams.remove(fault);
    }

    /** All is well again. */
    public void clear() {
        active.clear();
        onStreams.clear();
    }

    /** Whether no fault lies on any link. */
    public boolean isClear() {
        return active.isEmpty() && onStreams.isEmpty();
    }

    /** Whether nothing passes, streams included. */
    public boolean isCut(int from, int to) {
        for (Active one : active) {
            if (one.fault.cutsStreams() && one.befalls(from, to)) {
                return true;
            }
        }
        return false;
    }

    /** What becomes of a datagram. */
    public Passage datagram(int from, int to, byte[] packet, long now, SplittableRandom chance) {
        return pass(new Passage(from, to, packet, new Passage.Moment(now, chance, false)));
    }

    /**
     * How much longer a stream's next {@code bytes} take: lost segments are sent again. What is short passes where a full
     * segment is too large; a full one gets through only when the sender's kernel has tried smaller ones.
     */
    public long streamDelayNanos(int from, int to, int bytes, long now, SplittableRandom chance) {
        if (active.isEmpty()) {
            return 0;
        }
        byte[] segment = segment(bytes);
        Passage.Moment moment = new Passage.Moment(now, chance, true);
        long delay = 0;
        for (int tries = 0; tries < MOST_RETRIES; tries++) {
            Passage passage = pass(new Passage(from, to, segment, moment));
            if (!passage.isLost()) {
                return delay + passage.delayNanos();
            }
            delay += RETRANSMIT_NANOS << tries;
        }
        return delay;
    }

    private static byte[] segment(int bytes) {
        return new byte[Math.min(LARGEST_SEGMENT, SEGMENT_HEADERS + bytes)];
    }

    private Passage pass(Passage passage) {
        for (Active one : active) {
            if (one.befalls(passage.from(), passage.to())) {
                passage.remembering(one::memory);
                one.fault.affect(passage);
            }
        }
        return passage;
    }

    /** What a stream that is opened now will go through. */
    public StreamTerms stream(int from, int to, long now, SplittableRandom chance) {
        StreamTerms terms = isCut(from, to) || isCut(to, from) || isTranslated(from, to, now, chance)
                ? StreamTerms.UNREACHABLE
                : StreamTerms.GOOD;
        for (StreamFault fault : onStreams) {
            if (fault.from().contains(from) && fault.to().contains(to)) {
                terms = fault.on(terms, chance);
            }
        }
        return terms;
    }

    private boolean isTranslated(int from, int to, long now, SplittableRandom chance) {
        for (Active one : active) {
            if (one.fault instanceof LinkFault.Nat nat && nat.to().contains(to)) {
                Passage knock = new Passage(from, to, segment(0), new Passage.Moment(now, chance, true));
                knock.remembering(one::memory);
                nat.affect(knock);
                return knock.isLost();
            }
        }
        return false;
    }
}
