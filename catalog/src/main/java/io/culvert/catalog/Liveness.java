package io.culvert.catalog;

/** What the pool thinks of a host. Content comes from its owner only, liveness from the pool only. */
public enum Liveness {
    ALIVE,
    /** Unanswered, not yet given up: still routable. */
    SUSPECT,
    /** Given up: its records stay, flagged, and are never routable. */
    FAILED,
    /** Said goodbye: its records are gone. */
    LEFT;

    public boolean isRoutable() {
        return this == ALIVE || this == SUSPECT;
    }
}
