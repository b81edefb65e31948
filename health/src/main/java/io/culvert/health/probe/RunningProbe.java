package io.culvert.health.probe;

/** A run under way. */
@FunctionalInterface
public interface RunningProbe {
    /** Ends it and whatever it started; no result will come unless it is on its way already. Any thread, any time. */
    void cancel();
}
