package io.culvert.gossip.wire;

/**
 * Chooses one object of several equal ones to be kept. A process of one host has nothing to share; where many hosts live in
 * one process, each of them holds the same words of all the others.
 */
public interface Interner {
    /** Keeps what it is given. */
    Interner NONE = new Interner() {
        @Override
        public <T> T share(T value) {
            return value;
        }
    };

    /** {@code value}, or one equal to it; immutable either way. */
    <T> T share(T value);
}
