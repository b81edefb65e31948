package io.culvert.agent.keyring;

import java.util.List;

/**
 * How far a change of the pool's keys has come.
 *
 * @param operation {@code list}, {@code install}, {@code use}, {@code remove} or {@code rotate}; empty: none since the start
 * @param doing what is being done now, for people
 * @param problem why it ended before its end, and what to do; empty: it did not
 */
public record KeyringProgress(String operation, String doing, boolean running, String problem, List<Host> hosts) {
    public static final KeyringProgress NONE = new KeyringProgress("", "", false, "", List.of());

    public KeyringProgress {
        hosts = List.copyOf(hosts);
    }

    /** How far one host is with the present step. */
    public enum State {
        WAITING,
        ASKED,
        DONE,
        FAILED,
        /** Out of reach for the whole pool: it asks for the keys when it comes back. */
        DOWN
    }

    /**
     * One host.
     *
     * @param keys numbers, the one it seals with first; empty: not known
     * @param message why it failed
     */
    public record Host(String node, State state, List<String> keys, String message) {
        public Host {
            keys = List.copyOf(keys);
        }
    }
}
