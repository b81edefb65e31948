package io.culvert.agent.local;

import io.culvert.health.RestoredStatus;
import java.io.IOException;
import java.util.Map;

/** Where the local state outlives the agent. Calls may block on the disk; one at a time. */
public interface LocalStore {
    /** What was kept. Damaged entries are set aside with a message in the log; all others are returned. */
    Stored load() throws IOException;

    /**
     * Keeps what differs between the two, durably, before it returns. After an exception the next call, or a restart, may
     * see some of the differences.
     */
    void save(Registrations before, Registrations after) throws IOException;

    /** Keeps where the checks stand. Not synced: a result that is lost is found again by the next run. */
    void saveResults(Map<String, RestoredStatus> results) throws IOException;

    /**
     * @param registrations of the API only, with maintenance and first registrations; nothing of files
     * @param results by check id
     */
    record Stored(Registrations registrations, Map<String, RestoredStatus> results) {}

    /** Keeps nothing: an agent in memory. */
    LocalStore NONE = new LocalStore() {
        @Override
        public Stored load() {
            return new Stored(Registrations.EMPTY, Map.of());
        }

        @Override
        public void save(Registrations before, Registrations after) {
            // an agent in memory promises nothing beyond its life
        }

        @Override
        public void saveResults(Map<String, RestoredStatus> results) {
            // as above
        }
    };
}
