package io.culvert.testbed.kit;

import java.time.Duration;
import java.time.Instant;
import java.util.PriorityQueue;

/** A clock that stands still until it is moved; due tasks run in order of time, then of submission. */
public final class VirtualTime {
    private final PriorityQueue<Task> tasks = new PriorityQueue<>();
    private final Instant origin;
    private long nanos;
    private long sequence;

    public VirtualTime(Instant origin) {
        this.origin = origin;
    }

    private record Task(long at, long sequence, Runnable body) implements Comparable<Task> {
        @Override
        public int compareTo(Task other) {
            int byTime = Long.compare(at, other.at);
            return byTime != 0 ? byTime : Long.compare(sequence, other.sequence);
        }
    }

    public long nanos() {
        return nanos;
    }

    public Instant now() {
        return origin.plusNanos(nanos);
    }

    public void schedule(Duration after, Runnable body) {
        tasks.add(new Task(nanos + after.toNanos(), sequence++, body));
    }

    /** Moves to {@code by} from now, running on the way whatever becomes due. */
    public void advance(Duration by) {
        long end = nanos + by.toNanos();
        for (Task next = tasks.peek(); next != null && next.at <= end; next = tasks.peek()) {
            tasks.remove();
            nanos = Math.max(nanos, next.at);
            next.body.run();
        }
        nanos = end;
    }
}
