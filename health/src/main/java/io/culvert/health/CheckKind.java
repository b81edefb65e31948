package io.culvert.health;

import io.culvert.catalog.NodeName;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** What a check does. */
public sealed interface CheckKind {
    /** The word in {@code Type} of the API. */
    String type();

    /** Whether it is run at intervals; TTL and alias checks wait for news instead. */
    default boolean isScheduled() {
        return true;
    }

    /** TLS of a network check; certificates are verified unless {@code skipVerify}. */
    record TlsOptions(Optional<String> serverName, boolean skipVerify, Optional<String> caFile) {
        public static final TlsOptions DEFAULT = new TlsOptions(Optional.empty(), false, Optional.empty());
    }

    /**
     * A program, no shell. Exit 0 passing, 1 warning, everything else critical.
     *
     * @param environment added to a minimal one
     * @param workingDirectory empty: the agent's data directory
     * @param user empty: the agent's own
     */
    record Script(List<String> args, Map<String, String> environment, String workingDirectory, String user)
            implements CheckKind {
        public Script {
            if (args.isEmpty()) {
                throw new IllegalArgumentException("args: empty (expected: a program and its arguments)");
            }
            args = List.copyOf(args);
            environment = Map.copyOf(environment);
        }

        @Override
        public String type() {
            return "script";
        }
    }

    /**
     * An HTTP request. 2xx passing, 429 warning, everything else critical.
     *
     * @param url http or https; with a socket path only its path, query and Host are used
     * @param socketPath empty: TCP
     */
    record Http(
            String url,
            String method,
            Map<String, List<String>> headers,
            String body,
            TlsOptions tls,
            String socketPath)
            implements CheckKind {
        public Http {
            Map<String, List<String>> copies = new TreeMap<>();
            headers.forEach((name, values) -> copies.put(name, List.copyOf(values)));
            headers = Collections.unmodifiableMap(copies);
        }

        @Override
        public String type() {
            return "http";
        }
    }

    /** A TCP connection that succeeds. */
    record Tcp(String host, int port) implements CheckKind {
        @Override
        public String type() {
            return "tcp";
        }
    }

    /** A UNIX stream connection that succeeds. */
    record Unix(String path) implements CheckKind {
        @Override
        public String type() {
            return "unix";
        }
    }

    /** Reports come from outside; none for {@code ttl} means critical. */
    record Ttl(Duration ttl) implements CheckKind {
        public Ttl {
            if (ttl.isNegative() || ttl.isZero()) {
                throw new IllegalArgumentException("ttl: " + ttl + " (expected: above 0)");
            }
        }

        @Override
        public boolean isScheduled() {
            return false;
        }

        @Override
        public String type() {
            return "ttl";
        }
    }

    /**
     * The standard gRPC health protocol.
     *
     * @param service empty: the server as a whole
     * @param tls absent: plain text
     */
    record Grpc(String host, int port, String service, Optional<TlsOptions> tls) implements CheckKind {
        @Override
        public String type() {
            return "grpc";
        }
    }

    /**
     * The health of another instance or node.
     *
     * @param node empty: this one
     * @param serviceId empty: the node itself
     */
    record Alias(String node, String serviceId) implements CheckKind {
        public Alias {
            node = node.isEmpty() ? node : new NodeName(node).text();
        }

        @Override
        public boolean isScheduled() {
            return false;
        }

        @Override
        public String type() {
            return "alias";
        }
    }
}
