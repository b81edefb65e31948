package io.culvert.agent.keyring;

import java.util.List;

/** Messages of {@code keyring.change} and {@code keyring.fetch}. Every one names the pool it is about. */
final class KeyringMessages {
    static final String CHANGE = "keyring.change";
    static final String FETCH = "keyring.fetch";

    private KeyringMessages() {}

    /**
     * A server's order, carried out as a whole or not at all. What is so already stays so: an order may come twice.
     *
     * @param install keys in Base64
     * @param use number of the key to seal with; empty: as before
     * @param remove numbers of keys; one that is not there is removed already
     */
    record Change(String pool, List<String> install, String use, List<String> remove) {
        @Override
        public String toString() {
            return "Change[" + pool + ", install " + install.size() + " keys ****, use " + use + ", remove " + remove
                    + "]";
        }
    }

    /** @param keys numbers of the keys that a host has now, the one it seals with first */
    record State(List<String> keys) {}

    /** @param known numbers of the keys that the asker has, the one it seals with first */
    record Fetch(String pool, List<String> known) {}

    /**
     * The server's keys.
     *
     * @param changed false: the asker has just these; nothing follows
     * @param keys in Base64, the one to seal with first
     */
    record Ring(boolean changed, List<String> keys) {
        @Override
        public String toString() {
            return "Ring[changed " + changed + ", " + keys.size() + " keys ****]";
        }
    }
}
