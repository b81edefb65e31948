package io.culvert.testbed.simulator;

import java.util.Arrays;

/** Times that were measured, in seconds, and how they are spread. */
final class Durations {
    private double[] seconds = new double[64];
    private int size;

    void add(long nanos) {
        if (size == seconds.length) {
            seconds = Arrays.copyOf(seconds, 2 * size);
        }
        seconds[size++] = nanos / 1e9;
    }

    double at(int index) {
        return seconds[index];
    }

    int size() {
        return size;
    }

    /** The least that {@code share} of all do not exceed; NaN of nothing. */
    double quantile(double share) {
        if (size == 0) {
            return Double.NaN;
        }
        double[] sorted = Arrays.copyOf(seconds, size);
        Arrays.sort(sorted);
        return sorted[Math.max(0, (int) Math.ceil(share * size) - 1)];
    }

    double median() {
        return quantile(0.5);
    }

    double largest() {
        return quantile(1);
    }
}
