package io.culvert.health.core;

/** What a timer was set for; one that is no longer waited for carries an old serial and is dropped. */
public record TimerToken(String checkId, Purpose purpose, long serial) {
    /** Why a check waits. */
    public enum Purpose {
        NEXT_RUN,
        TTL_EXPIRY,
        ALIAS_GRACE,
        DEREGISTRATION
    }
}
