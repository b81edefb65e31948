package io.culvert.identity;

/** The intentions as this host knows them, for those who enforce them. */
public interface IntentionSource {
    /** The present table. Any thread, never blocks. */
    IntentionTable current();

    /**
     * Calls {@code listener} after each change, on the source's own thread: it must be quick and must not block. Live
     * streams are then to be judged again.
     */
    Subscription subscribe(Listener listener);

    /** Hears of changes. */
    @FunctionalInterface
    interface Listener {
        void intentionsChanged(IntentionTable table);
    }
}
