package io.culvert.testbed.simulator;

import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.SplittableRandom;

/**
 * Time and chance. Events happen in order of their time, then of their making; every one enters the run's hash. The queue
 * is a heap of four children in plain arrays: millions of events wait in a large pool, and an object for each would cost
 * more than what most of them do.
 */
final class World {
    private static final Instant ORIGIN = Instant.parse("2026-01-01T00:00:00Z");
    private static final long SECOND = 1_000_000_000L;
    private static final int CHILDREN = 4;
    private static final Runnable NOTHING = () -> {};

    private final long seed;
    private long[] times = new long[1_024];
    private long[] sequences = new long[1_024];
    private Runnable[] bodies = new Runnable[1_024];
    private int waiting;
    private long sequence;
    private long now;
    private long hash;
    private long happened;
    private Instant second = ORIGIN;

    World(long seed) {
        this.seed = seed;
        this.hash = seed;
    }

    long seed() {
        return seed;
    }

    /** Nanoseconds since the beginning. */
    long now() {
        return now;
    }

    /** In whole seconds: nobody asks for more, and most ask very often. */
    Instant wallTime() {
        long elapsed = now / SECOND;
        if (second.getEpochSecond() - ORIGIN.getEpochSecond() != elapsed) {
            second = ORIGIN.plusSeconds(elapsed);
        }
        return second;
    }

    /** Chance for one purpose alone, so that a new purpose does not shift the others. */
    SplittableRandom random(String purpose) {
        return new SplittableRandom(mix(seed ^ mix(purpose.hashCode() * 0x9e3779b97f4a7c15L + purpose.length())));
    }

    void after(long nanos, Runnable body) {
        if (waiting == times.length) {
            times = Arrays.copyOf(times, 2 * waiting);
            sequences = Arrays.copyOf(sequences, 2 * waiting);
            bodies = Arrays.copyOf(bodies, 2 * waiting);
        }
        long at = now + Math.max(0, nanos);
        long mine = sequence++;
        int place = waiting++;
        // The newest of equal times comes last, so only an earlier time moves up.
        while (place > 0 && at < times[(place - 1) / CHILDREN]) {
            move((place - 1) / CHILDREN, place);
            place = (place - 1) / CHILDREN;
        }
        put(place, at, mine, body);
    }

    void after(Duration delay, Runnable body) {
        after(delay.toNanos(), body);
    }

    /** Lets {@code duration} pass. */
    void run(Duration duration) {
        long end = now + duration.toNanos();
        while (waiting > 0 && times[0] <= end) {
            now = times[0];
            happened++;
            hash = mix(hash ^ mix(now ^ sequences[0]));
            Runnable next = bodies[0];
            removeFirst();
            next.run();
        }
        now = end;
    }

    private void removeFirst() {
        waiting--;
        long at = times[waiting];
        long order = sequences[waiting];
        Runnable last = bodies[waiting];
        bodies[waiting] = NOTHING;
        int place = 0;
        int least = leastChild(place);
        while (least < waiting && isBefore(least, at, order)) {
            move(least, place);
            place = least;
            least = leastChild(place);
        }
        if (waiting > 0) {
            put(place, at, order, last);
        }
    }

    /** The child that comes first; at or behind the end when there is none. */
    private int leastChild(int place) {
        int first = CHILDREN * place + 1;
        int end = Math.min(first + CHILDREN, waiting);
        int least = first;
        for (int child = first + 1; child < end; child++) {
            if (isBefore(child, times[least], sequences[least])) {
                least = child;
            }
        }
        return least;
    }

    private boolean isBefore(int place, long at, long order) {
        return times[place] < at || times[place] == at && sequences[place] < order;
    }

    private void move(int from, int to) {
        times[to] = times[from];
        sequences[to] = sequences[from];
        bodies[to] = bodies[from];
    }

    private void put(int place, long at, long order, Runnable body) {
        times[place] = at;
        sequences[place] = order;
        bodies[place] = body;
    }

    /** Enters what a node saw or did into the hash of the run. */
    void note(long what) {
        hash = mix(hash + what);
    }

    /** The same for the same seed, whatever machine or JDK. */
    long hash() {
        return hash;
    }

    long happened() {
        return happened;
    }

    static long mix(long value) {
        long mixed = (value ^ value >>> 30) * 0xbf58476d1ce4e5b9L;
        mixed = (mixed ^ mixed >>> 27) * 0x94d049bb133111ebL;
        return mixed ^ mixed >>> 31;
    }
}
