package io.culvert.proxy.tunnel;

import io.culvert.catalog.ServiceName;
import io.culvert.proxy.LocalDestination;
import java.util.List;
import java.util.Optional;

/** What this host opens to the mesh. Immutable. */
public final class LocalInstances {
    public static final LocalInstances NONE = new LocalInstances(List.of());

    private final List<LocalDestination> destinations;

    public LocalInstances(List<LocalDestination> destinations) {
        this.destinations = List.copyOf(destinations);
    }

    /** The instance of {@code service} with this id; any of it when the id is empty. */
    Optional<LocalDestination> find(ServiceName service, String instanceId) {
        return destinations.stream()
                .filter(one -> one.service().equals(service)
                        && (instanceId.isEmpty() || one.instanceId().equals(instanceId)))
                .findFirst();
    }

    boolean has(ServiceName service) {
        return find(service, "").isPresent();
    }
}
