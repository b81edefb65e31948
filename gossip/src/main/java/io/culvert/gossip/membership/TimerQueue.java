package io.culvert.gossip.membership;

import java.util.PriorityQueue;

/**
 * What is to be done later, in order of time, then of submission. A task checks for itself whether what it was set for
 * still holds; nothing is ever cancelled.
 */
public final class TimerQueue {
    private final PriorityQueue<Due> queue = new PriorityQueue<>();
    private long sequence;

    /** Done at its time or later; {@code now} may be later than asked for. */
    @FunctionalInterface
    public interface Task {
        void run(long now);
    }

    private record Due(long at, long sequence, Task task) implements Comparable<Due> {
        @Override
        public int compareTo(Due other) {
            int byTime = Long.compare(at, other.at);
            return byTime != 0 ? byTime : Long.compare(sequence, other.sequence);
        }
    }

    public void at(long nanos, Task task) {
        queue.add(new Due(nanos, sequence++, task));
    }

    /** When the next task is due; {@link Long#MAX_VALUE} if there is none. */
    public long nextAt() {
        Due next = queue.peek();
        return next == null ? Long.MAX_VALUE : next.at;
    }

    /**
     * Runs the first task that is due. A task that throws is gone, and the next call goes on with the one behind it.
     *
     * @return whether there was one
     */
    public boolean runNext(long now) {
        Due next = queue.peek();
        if (next == null || next.at > now) {
            return false;
        }
        queue.remove();
        next.task.run(now);
        return true;
    }

    public int size() {
        return queue.size();
    }
}
