package io.culvert.testbed.simulator;

import java.time.Duration;
import java.time.Instant;
import java.util.PriorityQueue;
import java.util.SplittableRandom;

/** Time and chance. Events happen in order of their time, then of their making; every one enters the run's hash. */
final class World {
    private static final Instant ORIGIN = Instant.parse("2026-01-01T00:00:00Z");

    private final long seed;
    private final PriorityQueue<Event> events = new PriorityQueue<>();
    private long sequence;
    private long now;
    private long hash;
    private long happened;

    World(long seed) {
        this.seed = seed;
        this.hash = seed;
    }

    private record Event(long at, long sequence, Runnable body) implements Comparable<Event> {
        @Override
        public int compareTo(Event other) {
            int byTime = Long.compare(at, other.at);
            return byTime != 0 ? byTime : Long.compare(sequence, other.sequence);
        }
    }

    long seed() {
        return seed;
    }

    /** Nanoseconds since the beginning. */
    long now() {
        return now;
    }

    Instant wallTime() {
        return ORIGIN.plusNanos(now);
    }

    /** Chance for one purpose alone, so that a new purpose does not shift the others. */
    SplittableRandom random(String purpose) {
        return new SplittableRandom(mix(seed ^ mix(purpose.hashCode() * 0x9e3779b97f4a7c15L + purpose.length())));
    }

    void after(long nanos, Runnable body) {
        events.add(new Event(now + Math.max(0, nanos), sequence++, body));
    }

    void after(Duration delay, Runnable body) {
        after(delay.toNanos(), body);
    }

    /** Lets {@code duration} pass. */
    void run(Duration duration) {
        long end = now + duration.toNanos();
        for (Event next = events.peek(); next != null && next.at <= end; next = events.peek()) {
            events.remove();
            now = next.at;
            happened++;
            hash = mix(hash ^ mix(next.at ^ next.sequence));
            next.body.run();
        }
        now = end;
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
