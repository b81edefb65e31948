package io.culvert.agent.local;

import io.culvert.agent.config.LoadedConfig;
import io.culvert.agent.config.ServiceDefinition;
import io.culvert.agent.config.ServiceFile;
import io.culvert.agent.local.ServiceRegistration.Target;
import io.culvert.catalog.Endpoint;
import io.culvert.catalog.TcpEndpoint;
import io.culvert.catalog.UnixEndpoint;
import io.culvert.health.CheckDefinition;
import java.util.ArrayList;
import java.util.List;

/**
 * Everything that the service files of this host declare, as one set.
 *
 * @param checks those that stand outside of a service; with a service id they belong to that service
 */
public record FileSet(List<ServiceRegistration> services, List<CheckDefinition> checks) {
    public static final FileSet EMPTY = new FileSet(List.of(), List.of());

    public FileSet {
        services = List.copyOf(services);
        checks = List.copyOf(checks);
    }

    /** The files in force, in their order. */
    public static FileSet of(List<ServiceFile> files) {
        List<ServiceRegistration> services = new ArrayList<>();
        List<CheckDefinition> checks = new ArrayList<>();
        for (ServiceFile file : files) {
            file.services().forEach(service -> services.add(registration(service)));
            checks.addAll(file.checks());
        }
        return new FileSet(services, checks);
    }

    /** What all files say together. */
    public static FileSet of(LoadedConfig config) {
        return new FileSet(config.services().stream().map(FileSet::registration).toList(), config.nodeChecks());
    }

    private static ServiceRegistration registration(ServiceDefinition definition) {
        Target target = definition.endpoint().map(FileSet::target).orElse(Target.OF_SERVICE);
        return new ServiceRegistration(
                definition.instance(),
                definition.checks(),
                target,
                definition.upstreams(),
                definition.user(),
                definition.group());
    }

    private static Target target(Endpoint endpoint) {
        if (endpoint instanceof UnixEndpoint unix) {
            return new Target("", 0, unix.path());
        }
        TcpEndpoint tcp = (TcpEndpoint) endpoint;
        return new Target(tcp.host(), tcp.port(), "");
    }
}
