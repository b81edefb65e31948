package io.culvert.gossip.membership;

import java.util.Arrays;

/**
 * What is to be done later, in order of time, then of submission. A task checks for itself whether what it was set for
 * still holds; nothing is ever cancelled. A binary heap in plain arrays: the next time is asked for at every packet.
 */
public final class TimerQueue {
    private static final Task NOTHING = now -> {};

    private long[] times = new long[16];
    private long[] sequences = new long[16];
    private Task[] tasks = new Task[16];
    private int size;
    private long sequence;

    /** Done at its time or later; {@code now} may be later than asked for. */
    @FunctionalInterface
    public interface Task {
        void run(long now);
    }

    public void at(long nanos, Task task) {
        if (size == times.length) {
            times = Arrays.copyOf(times, 2 * size);
            sequences = Arrays.copyOf(sequences, 2 * size);
            tasks = Arrays.copyOf(tasks, 2 * size);
        }
        long mine = sequence++;
        int place = size++;
        while (place > 0 && nanos < times[(place - 1) / 2]) {
            move((place - 1) / 2, place);
            place = (place - 1) / 2;
        }
        put(place, nanos, mine, task);
    }

    /** When the next task is due; {@link Long#MAX_VALUE} if there is none. */
    public long nextAt() {
        return size == 0 ? Long.MAX_VALUE : times[0];
    }

    /**
     * Runs the first task that is due. A task that throws is gone, and the next call goes on with the one behind it.
     *
     * @return whether there was one
     */
    public boolean runNext(long now) {
        if (size == 0 || times[0] > now) {
            return false;
        }
        Task next = tasks[0];
        removeFirst();
        next.run(now);
        return true;
    }

    public int size() {
        return size;
    }

    private void removeFirst() {
        size--;
        long at = times[size];
        long order = sequences[size];
        Task last = tasks[size];
        tasks[size] = NOTHING;
        int place = 0;
        int child = 1;
        while (child < size) {
            if (child + 1 < size && isBefore(child + 1, times[child], sequences[child])) {
                child++;
            }
            if (!isBefore(child, at, order)) {
                break;
            }
            move(child, place);
            place = child;
            child = 2 * place + 1;
        }
        if (size > 0) {
            put(place, at, order, last);
        }
    }

    private boolean isBefore(int place, long at, long order) {
        return times[place] < at || times[place] == at && sequences[place] < order;
    }

    private void move(int from, int to) {
        times[to] = times[from];
        sequences[to] = sequences[from];
        tasks[to] = tasks[from];
    }

    private void put(int place, long at, long order, Task task) {
        times[place] = at;
        sequences[place] = order;
        tasks[place] = task;
    }
}
