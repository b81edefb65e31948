package io.culvert.catalog;

import java.util.List;

/**
 * A service in a snapshot: all its instances, routable or not.
 *
 * @param index snapshot index of the last change that touched it: what blocking reads wait on
 */
public record CatalogService(ServiceName name, List<CatalogInstance> instances, long index) {
    public CatalogService {
        instances = List.copyOf(instances);
    }

    /** Whether any instance is open to the mesh. */
    public boolean isMesh() {
        return instances.stream().anyMatch(instance -> instance.service().mesh());
    }

    /** Earliest first registration over its mesh instances, in seconds since 1970. */
    public long firstRegistered() {
        return instances.stream()
                .filter(instance -> instance.service().mesh())
                .mapToLong(instance -> instance.service().firstRegistered())
                .min()
                .orElse(Long.MAX_VALUE);
    }
}
