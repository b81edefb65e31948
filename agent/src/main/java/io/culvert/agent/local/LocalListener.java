package io.culvert.agent.local;

/** Hears of what is in force on this host. */
@FunctionalInterface
public interface LocalListener {
    /**
     * Called after each change of the view, in order, one at a time, on the thread that made the change. Must be quick,
     * must not block and must not call back into {@link LocalState}'s changing methods. {@code before} and {@code after}
     * share what did not change, so that comparing parts is cheap.
     */
    void changed(LocalView before, LocalView after);
}
