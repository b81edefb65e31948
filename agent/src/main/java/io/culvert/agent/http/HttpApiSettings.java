package io.culvert.agent.http;

import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;

/**
 * Settings of the HTTP API.
 *
 * @param address loopback only: off loopback everybody could read the catalogue and, without TLS, what is written; empty:
 *     none
 * @param socket the UNIX socket; who may open it may write; empty: none, and then there is an address
 * @param socketGroup group of the socket's file, name or number; empty: the agent's own
 * @param socketMode permission bits of the socket's file
 * @param writers users that may write over TCP, besides root and the agent's own
 * @param agentUser uid of the agent
 * @param hostNames what {@code Host} may say, besides loopback addresses; {@code *.mesh} stands for all names below
 * @param limits what clients can make grow
 * @param defaultWait of a blocking read without {@code wait}; Consul's {@code default_query_time}
 * @param longestWait Consul's {@code max_query_time}
 */
public record HttpApiSettings(
        Optional<InetSocketAddress> address,
        Optional<Path> socket,
        Optional<String> socketGroup,
        int socketMode,
        Set<Integer> writers,
        int agentUser,
        Set<String> hostNames,
        Limits limits,
        Duration defaultWait,
        Duration longestWait) {
    /** Names of this host itself, and those of the mesh, whose DNS this agent answers. */
    public static final Set<String> DEFAULT_HOST_NAMES = Set.of("localhost", "*.localhost", "*.mesh");

    /** Owner and group. */
    public static final int DEFAULT_SOCKET_MODE = 0660;

    public static final Duration DEFAULT_WAIT = Duration.ofSeconds(300);
    public static final Duration LONGEST_WAIT = Duration.ofSeconds(600);

    public HttpApiSettings {
        if (address.isEmpty() && socket.isEmpty()) {
            throw new IllegalArgumentException("api: neither an address nor a socket (expected: one of them at least)");
        }
        address.ifPresent(HttpApiSettings::requireLoopback);
        if (socketMode < 0 || socketMode > 0777) {
            throw new IllegalArgumentException("api socket mode: 0" + Integer.toOctalString(socketMode)
                    + " (expected: permission bits such as 0660)");
        }
        if (defaultWait.isNegative() || longestWait.compareTo(defaultWait) < 0) {
            throw new IllegalArgumentException("api waits: " + defaultWait + ", at most " + longestWait
                    + " (expected: the default no longer than the longest)");
        }
        writers = Set.copyOf(writers);
        hostNames = Set.copyOf(hostNames);
    }

    private static void requireLoopback(InetSocketAddress address) {
        if (address.getAddress() == null || !address.getAddress().isLoopbackAddress()) {
            throw new IllegalArgumentException("api address: " + address
                    + " (expected: a loopback address; other hosts have agents of their own)");
        }
    }

    /** Everything at its default. */
    public static HttpApiSettings of(InetSocketAddress address, Path socket, int agentUser) {
        return new HttpApiSettings(
                Optional.of(address),
                Optional.of(socket),
                Optional.empty(),
                DEFAULT_SOCKET_MODE,
                Set.of(),
                agentUser,
                DEFAULT_HOST_NAMES,
                Limits.DEFAULT,
                DEFAULT_WAIT,
                LONGEST_WAIT);
    }

    /**
     * @param connections open at one time; each costs some 10 KB
     * @param connectionsPerClient of one address or, on the UNIX socket, one user: on loopback all programs of the host
     *     share one address, so that a low bound lets one starve the others
     * @param bodyBytes of a request; the longest are registrations
     * @param headerBytes of a request, line and headers each
     * @param requestTime from the first byte of a request to its last: slow clients hold a connection no longer
     * @param idleTime between requests; shorter than this a client's pool is never surprised
     * @param answerTime to take an answer
     * @param blockingQueries held back at one time
     */
    public record Limits(
            int connections,
            int connectionsPerClient,
            int bodyBytes,
            int headerBytes,
            Duration requestTime,
            Duration idleTime,
            Duration answerTime,
            int blockingQueries) {
        public static final Limits DEFAULT = new Limits(
                8_192,
                4_096,
                1 << 20,
                16 << 10,
                Duration.ofSeconds(10),
                Duration.ofMinutes(5),
                Duration.ofSeconds(60),
                8_192);

        public Limits {
            if (connections < 1 || connectionsPerClient < 1 || bodyBytes < 1_024 || headerBytes < 1_024) {
                throw new IllegalArgumentException("api limits: " + connections + " connections, "
                        + connectionsPerClient + " per client, " + bodyBytes + " bytes of body, " + headerBytes
                        + " of header (expected: at least 1, 1, 1024, 1024)");
            }
            if (requestTime.isNegative()
                    || requestTime.isZero()
                    || idleTime.compareTo(requestTime) < 0
                    || answerTime.isNegative()
                    || answerTime.isZero()
                    || blockingQueries < 0) {
                throw new IllegalArgumentException("api times: request " + requestTime + ", idle " + idleTime
                        + ", answer " + answerTime + " (expected: above 0, idle no shorter than request)");
            }
        }
    }
}
