package io.culvert.catalog;

import java.util.Collection;
import java.util.Optional;
import org.pcollections.HashTreePMap;
import org.pcollections.PMap;

/**
 * Everything known at one moment. Immutable; one change copies only the paths that it touches, so that its cost does not
 * grow with the number of services.
 */
public final class CatalogSnapshot {
    /** Nothing known. Indexes start at 1, because Consul's clients take 0 for "never asked". */
    public static final CatalogSnapshot EMPTY =
            new CatalogSnapshot(1, 1, 1, HashTreePMap.empty(), HashTreePMap.empty(), HashTreePMap.empty());

    private final long index;
    private final long nodesIndex;
    private final long servicesIndex;
    private final PMap<NodeId, CatalogNode> nodes;
    private final PMap<NodeName, NodeId> names;
    private final PMap<ServiceName, CatalogService> services;

    CatalogSnapshot(
            long index,
            long nodesIndex,
            long servicesIndex,
            PMap<NodeId, CatalogNode> nodes,
            PMap<NodeName, NodeId> names,
            PMap<ServiceName, CatalogService> services) {
        this.index = index;
        this.nodesIndex = nodesIndex;
        this.servicesIndex = servicesIndex;
        this.nodes = nodes;
        this.names = names;
        this.services = services;
    }

    /** Grows with each change; never below 1. */
    public long index() {
        return index;
    }

    /** Index of the last change to any host. */
    public long nodesIndex() {
        return nodesIndex;
    }

    /** Index of the last change to any service; also the index of a service that does not exist. */
    public long servicesIndex() {
        return servicesIndex;
    }

    public Collection<CatalogNode> nodes() {
        return nodes.values();
    }

    public Optional<CatalogNode> node(NodeId id) {
        return Optional.ofNullable(nodes.get(id));
    }

    /** Of two hosts with one name the one that is routable, else the one that came later. */
    public Optional<CatalogNode> node(NodeName name) {
        NodeId id = names.get(name);
        return id == null ? Optional.empty() : node(id);
    }

    public Collection<CatalogService> services() {
        return services.values();
    }

    public Optional<CatalogService> service(ServiceName name) {
        return Optional.ofNullable(services.get(name));
    }

    PMap<NodeId, CatalogNode> nodeMap() {
        return nodes;
    }

    PMap<NodeName, NodeId> nameMap() {
        return names;
    }

    PMap<ServiceName, CatalogService> serviceMap() {
        return services;
    }
}
