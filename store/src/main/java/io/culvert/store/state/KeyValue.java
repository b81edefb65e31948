package io.culvert.store.state;

import org.jspecify.annotations.Nullable;

/**
 * One key and what is stored under it.
 *
 * @param key 1 to {@value #LONGEST_KEY} characters; any character, a trailing slash is part of it
 * @param value at most {@value #LARGEST_VALUE} bytes
 * @param flags 64 bits that mean something to the client only
 * @param createIndex index at which the key came to be
 * @param modifyIndex index of the last change; what compare-and-set compares with
 * @param lockIndex how often the lock was taken by somebody new: a fencing token
 * @param holder the session that holds the lock, or null
 */
public record KeyValue(
        String key,
        Blob value,
        long flags,
        long createIndex,
        long modifyIndex,
        long lockIndex,
        @Nullable SessionId holder) {
    /** Consul's bound. */
    public static final int LARGEST_VALUE = 524_288;
    /** In characters; keeps one key from filling a message. */
    public static final int LONGEST_KEY = 4_096;

    public KeyValue {
        checkKey(key);
        if (value.length() > LARGEST_VALUE) {
            throw new IllegalArgumentException(
                    "value of key of " + value.length() + " bytes (expected: at most " + LARGEST_VALUE + ")");
        }
    }

    /** Throws {@link IllegalArgumentException} unless {@code key} may name a value. */
    public static void checkKey(String key) {
        if (key.isEmpty() || key.length() > LONGEST_KEY) {
            throw new IllegalArgumentException(
                    "key of " + key.length() + " characters (expected: 1 to " + LONGEST_KEY + ")");
        }
    }

    /** A key that did not exist before {@code index}. */
    static KeyValue created(String key, Blob value, long flags, long index) {
        return new KeyValue(key, value, flags, index, index, 0, null);
    }

    KeyValue changed(Blob newValue, long newFlags, long index) {
        return new KeyValue(key, newValue, newFlags, createIndex, index, lockIndex, holder);
    }

    KeyValue lockedBy(SessionId session, long index) {
        long locks = session.equals(holder) ? lockIndex : lockIndex + 1;
        return new KeyValue(key, value, flags, createIndex, index, locks, session);
    }

    KeyValue unlocked(long index) {
        return new KeyValue(key, value, flags, createIndex, index, lockIndex, null);
    }

    /** As a write is answered: without the value. */
    public KeyValue withoutValue() {
        return new KeyValue(key, Blob.EMPTY, flags, createIndex, modifyIndex, lockIndex, holder);
    }

    /** What the key takes, roughly, for the bound on all together. */
    long weight() {
        return (long) key.length() + value.length();
    }
}
