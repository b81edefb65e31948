package io.culvert.agent.http;

import io.culvert.catalog.LoopbackTable;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/** How the agent is, for people and for monitoring. Any thread; a moment's copy. */
public interface StatusReport {
    AgentStatus status();

    /** Addresses of services on loopback. */
    LoopbackTable loopback();

    /**
     * @param startedAt when this process began
     * @param notReady names of what readiness still waits for; empty: ready
     * @param listeners every socket that listens, or should
     * @param problems of files and settings, worst first
     * @param certificates of this host
     * @param counts numbers of connections and streams, by name
     * @param settings in force, secrets as {@code ****}
     */
    record AgentStatus(
            Instant startedAt,
            List<String> notReady,
            List<Listener> listeners,
            List<FileProblem> problems,
            List<Certificate> certificates,
            Map<String, Long> counts,
            Map<String, String> settings) {
        public AgentStatus {
            notReady = List.copyOf(notReady);
            listeners = List.copyOf(listeners);
            problems = List.copyOf(problems);
            certificates = List.copyOf(certificates);
            counts = Map.copyOf(counts);
            settings = Map.copyOf(settings);
        }
    }

    /**
     * @param name what it is for: {@code dns}, {@code api}, the name of a service
     * @param state {@code listening}, or why not, in one word
     * @param reason empty while it listens
     * @param remedy what a person can do about it; empty while it listens
     */
    record Listener(String name, String address, String state, String reason, String remedy) {
        public static Listener listening(String name, String address) {
            return new Listener(name, address, "listening", "", "");
        }

        public static Listener failed(String name, String address, String reason, String remedy) {
            return new Listener(name, address, "failed", reason, remedy);
        }
    }

    /** @param place {@code file:line:column} */
    record FileProblem(String place, boolean error, String message) {}

    /** @param identity its SPIFFE id */
    record Certificate(String identity, Instant notBefore, Instant notAfter) {}
}
