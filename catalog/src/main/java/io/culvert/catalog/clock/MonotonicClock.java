package io.culvert.catalog.clock;

/** Time for delays and deadlines. Only differences mean anything; it never runs backwards and ignores clock steps. */
@FunctionalInterface
public interface MonotonicClock {
    /** Nanoseconds from an arbitrary origin. */
    long nanos();
}
