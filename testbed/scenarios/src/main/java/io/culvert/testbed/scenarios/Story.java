package io.culvert.testbed.scenarios;

import java.time.Duration;
import java.util.Locale;
import java.util.function.Supplier;

/** Tells a person what happens, step by step, and prints the numbers that were measured on the way. */
public final class Story {
    private final long begin = System.nanoTime();

    public void step(String what) {
        System.out.printf(Locale.ROOT, "%7.1f s  %s%n", elapsed().toMillis() / 1000.0, what);
    }

    /** A measured number; never a bound. */
    public void figure(String what, Duration value) {
        step(String.format(Locale.ROOT, "  %s: %d ms", what, value.toMillis()));
    }

    /** Runs {@code action} and says how long it took. */
    public <T> T timed(String what, Supplier<T> action) {
        long start = System.nanoTime();
        T result = action.get();
        figure(what, Duration.ofNanos(System.nanoTime() - start));
        return result;
    }

    private Duration elapsed() {
        return Duration.ofNanos(System.nanoTime() - begin);
    }
}
