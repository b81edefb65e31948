package io.culvert.agent.local;

import io.culvert.catalog.Endpoint;
import io.culvert.catalog.ServiceInstance;
import io.culvert.catalog.TcpEndpoint;
import io.culvert.catalog.UnixEndpoint;
import io.culvert.health.CheckDefinition;
import io.culvert.proxy.Upstream;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * One service of this host as declared, valid in itself.
 *
 * @param service what everybody will see; its first registration is filled in by {@link LocalState}
 * @param checks its own, each with this service's id
 * @param target where the application listens for what the mesh delivers
 * @param upstreams sockets that this service calls through; their source is this service
 * @param user who it runs as, by name or number: a loopback caller of this user is this service; empty: not known
 * @param group the same for its group, for who may use its upstream sockets
 */
public record ServiceRegistration(
        ServiceInstance service,
        List<CheckDefinition> checks,
        Target target,
        List<Upstream> upstreams,
        String user,
        String group) {
    private static final String LOOPBACK = "127.0.0.1";

    public ServiceRegistration {
        checks = List.copyOf(checks);
        upstreams = List.copyOf(upstreams);
        for (CheckDefinition check : checks) {
            if (!check.serviceId().equals(service.id())) {
                throw new IllegalArgumentException("check '" + check.id() + "' of service '" + service.id()
                        + "': belongs to '" + check.serviceId() + "' (expected: the service it is declared in)");
            }
        }
    }

    /**
     * What {@code connect.sidecar_service.proxy} says of the way to the application.
     *
     * @param address empty: 127.0.0.1
     * @param port 0: the service's own
     * @param socketPath empty: the service's own
     */
    public record Target(String address, int port, String socketPath) {
        public static final Target OF_SERVICE = new Target("", 0, "");
    }

    public String id() {
        return service.id();
    }

    /**
     * Where the mesh delivers: what the target says, else the service's socket, else its port on 127.0.0.1, which is
     * Consul's default whatever address the service announces. Empty when the service has neither port nor socket. Throws {@link
     * IllegalArgumentException} for a socket path that the kernel would not take, which every reader of registrations
     * refuses.
     */
    public Optional<Endpoint> endpoint() {
        String path = target.socketPath().isEmpty() && target.port() == 0 ? service.socketPath() : target.socketPath();
        if (!path.isEmpty()) {
            return Optional.of(new UnixEndpoint(path));
        }
        int port = target.port() == 0 ? service.port() : target.port();
        if (port == 0) {
            return Optional.empty();
        }
        return Optional.of(new TcpEndpoint(target.address().isEmpty() ? LOOPBACK : target.address(), port));
    }

    /** With the checks of {@code older} that this one does not name: what Consul does unless told to replace them. */
    ServiceRegistration keepingChecksOf(ServiceRegistration older) {
        List<CheckDefinition> all = new ArrayList<>(checks);
        for (CheckDefinition known : older.checks()) {
            if (checks.stream().noneMatch(check -> check.id().equals(known.id()))) {
                all.add(known);
            }
        }
        return new ServiceRegistration(service, all, target, upstreams, user, group);
    }

    ServiceRegistration withoutCheck(String checkId) {
        List<CheckDefinition> rest =
                checks.stream().filter(check -> !check.id().equals(checkId)).toList();
        return new ServiceRegistration(service, rest, target, upstreams, user, group);
    }
}
