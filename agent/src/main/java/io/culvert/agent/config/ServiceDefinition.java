package io.culvert.agent.config;

import io.culvert.agent.config.syntax.Position;
import io.culvert.catalog.Endpoint;
import io.culvert.catalog.ServiceInstance;
import io.culvert.catalog.TcpEndpoint;
import io.culvert.catalog.UnixEndpoint;
import io.culvert.health.CheckDefinition;
import io.culvert.proxy.Upstream;
import java.util.List;
import java.util.Optional;

/**
 * A service as declared on this host.
 *
 * @param instance what the catalogue shows; its first registration is 0 until the agent fills it in
 * @param user the system user, by name or number, that the service runs as; empty: not known
 * @param group the same for its group
 * @param endpointOverride where {@code proxy.local_service_…} says that it listens
 * @param origin where it was written
 */
public record ServiceDefinition(
        ServiceInstance instance,
        String user,
        String group,
        List<CheckDefinition> checks,
        List<Upstream> upstreams,
        Optional<Endpoint> endpointOverride,
        Position origin) {
    public ServiceDefinition {
        checks = List.copyOf(checks);
        upstreams = List.copyOf(upstreams);
    }

    /**
     * Where the agent delivers streams of the mesh: the override, else the socket path, else the port on 127.0.0.1 (Consul's default for
     * a sidecar, whatever address the service announces). Empty for a service that only calls others.
     */
    public Optional<Endpoint> endpoint() {
        if (endpointOverride.isPresent()) {
            return endpointOverride;
        }
        if (!instance.socketPath().isEmpty()) {
            return Optional.of(new UnixEndpoint(instance.socketPath()));
        }
        return instance.port() == 0 ? Optional.empty() : Optional.of(new TcpEndpoint("127.0.0.1", instance.port()));
    }

    ServiceDefinition withChecks(List<CheckDefinition> all) {
        return new ServiceDefinition(instance, user, group, all, upstreams, endpointOverride, origin);
    }
}
