package io.culvert.proxy;

import io.culvert.catalog.ServiceName;
import java.util.Optional;

/**
 * A local socket that leads to a service: what a service file declares under {@code upstreams}.
 *
 * @param source the service that calls; the socket is its identity
 * @param destination the service called
 * @param bind where to listen
 * @param allowedUser only processes of this user may connect (SO_PEERCRED); empty: the file's mode decides
 * @param allowedGroup the same by group
 */
public record Upstream(
        ServiceName source,
        ServiceName destination,
        Bind bind,
        Optional<String> allowedUser,
        Optional<String> allowedGroup) {

    /** Where an upstream listens. */
    public sealed interface Bind {}

    /**
     * A UNIX socket.
     *
     * @param mode permission bits such as {@code 0660}; empty: 0600
     * @param owner user name or number that owns the file; empty: the agent's
     * @param group group name or number; empty: the agent's
     */
    public record UnixBind(String path, Optional<Integer> mode, Optional<String> owner, Optional<String> group)
            implements Bind {
        @Override
        public String toString() {
            return "unix://" + path;
        }
    }

    /** A TCP port on a loopback address. */
    public record TcpBind(String address, int port) implements Bind {
        @Override
        public String toString() {
            return address + ":" + port;
        }
    }
}
