package io.culvert.catalog;

/** The catalogue for those who only read. */
public interface CatalogView {
    /** The present snapshot. Any thread, never blocks. */
    CatalogSnapshot current();

    /**
     * Calls {@code listener} after each change, in order, on the writer's thread: it must be quick, must not block and
     * must not write to the catalogue. Close the result to stop.
     */
    Subscription subscribe(Listener listener);

    /** Hears of changes. */
    @FunctionalInterface
    interface Listener {
        void changed(CatalogChange change);
    }

    /** Ends with {@link #close}, which may be called twice. */
    interface Subscription extends AutoCloseable {
        @Override
        void close();
    }
}
