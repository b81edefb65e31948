package io.culvert.catalog;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.pcollections.PMap;

/** Pure: one snapshot and one fact in, the next snapshot and what changed out. */
final class SnapshotStep {
    private final CatalogSnapshot before;
    private final long index;

    private SnapshotStep(CatalogSnapshot before, long index) {
        this.before = before;
        this.index = index;
    }

    /** The change, or nothing when the fact was known already. */
    static Optional<CatalogChange> content(CatalogSnapshot before, NodeContent content, Liveness liveness) {
        CatalogNode known = before.nodeMap().get(content.node().id());
        if (known != null && known.content().equals(content) && known.liveness() == liveness) {
            return Optional.empty();
        }
        long index = before.index() + 1;
        long created = known == null ? index : known.createIndex();
        return Optional.of(
                new SnapshotStep(before, index).replace(known, new CatalogNode(content, liveness, created, index)));
    }

    static Optional<CatalogChange> removal(CatalogSnapshot before, NodeId node) {
        CatalogNode known = before.nodeMap().get(node);
        return known == null
                ? Optional.empty()
                : Optional.of(new SnapshotStep(before, before.index() + 1).replace(known, null));
    }

    private CatalogChange replace(@Nullable CatalogNode old, @Nullable CatalogNode fresh) {
        CatalogNode either = fresh != null ? fresh : java.util.Objects.requireNonNull(old, "old");
        NodeId id = either.id();
        PMap<NodeId, CatalogNode> nodes =
                fresh == null ? before.nodeMap().minus(id) : before.nodeMap().plus(id, fresh);
        Set<ServiceName> touched = touched(old, fresh);
        PMap<ServiceName, CatalogService> services = before.serviceMap();
        for (ServiceName name : touched) {
            services = reindex(services, name, id, fresh);
        }
        long servicesIndex = touched.isEmpty() ? before.servicesIndex() : index;
        long nodesIndex = hostChanged(old, fresh) ? index : before.nodesIndex();
        CatalogSnapshot after =
                new CatalogSnapshot(index, nodesIndex, servicesIndex, nodes, rename(old, fresh, nodes), services);
        return new CatalogChange(before, after, Set.copyOf(touched), Set.of(id));
    }

    /** Services whose answer may differ; those whose instance, checks and host are the same are left alone. */
    private static Set<ServiceName> touched(@Nullable CatalogNode old, @Nullable CatalogNode fresh) {
        Set<ServiceName> names = new LinkedHashSet<>();
        boolean hostChanged = hostChanged(old, fresh);
        Set<CatalogInstanceKey> before = keys(old);
        Set<CatalogInstanceKey> after = keys(fresh);
        for (CatalogInstanceKey key : before) {
            if (hostChanged || !after.contains(key)) {
                names.add(key.service().name());
            }
        }
        for (CatalogInstanceKey key : after) {
            if (hostChanged || !before.contains(key)) {
                names.add(key.service().name());
            }
        }
        return names;
    }

    private static boolean hostChanged(@Nullable CatalogNode old, @Nullable CatalogNode fresh) {
        return old == null
                || fresh == null
                || old.liveness() != fresh.liveness()
                || !old.node().equals(fresh.node());
    }

    private record CatalogInstanceKey(ServiceInstance service, List<CheckState> checks) {}

    private static Set<CatalogInstanceKey> keys(@Nullable CatalogNode node) {
        Set<CatalogInstanceKey> keys = new HashSet<>();
        if (node != null) {
            for (ServiceInstance service : node.content().services()) {
                keys.add(new CatalogInstanceKey(
                        service, CatalogInstance.of(node, service).checks()));
            }
        }
        return keys;
    }

    private PMap<ServiceName, CatalogService> reindex(
            PMap<ServiceName, CatalogService> services, ServiceName name, NodeId id, @Nullable CatalogNode fresh) {
        CatalogService known = services.get(name);
        List<CatalogInstance> instances = new ArrayList<>();
        if (known != null) {
            known.instances().stream().filter(i -> !i.host().id().equals(id)).forEach(instances::add);
        }
        if (fresh != null) {
            fresh.content().services().stream()
                    .filter(service -> service.name().equals(name))
                    .forEach(service -> instances.add(CatalogInstance.of(fresh, service)));
        }
        if (instances.isEmpty()) {
            return services.minus(name);
        }
        ServiceName shown = known == null ? instances.get(0).service().name() : known.name();
        return services.plus(name, new CatalogService(shown, instances, index));
    }

    private PMap<NodeName, NodeId> rename(
            @Nullable CatalogNode old, @Nullable CatalogNode fresh, PMap<NodeId, CatalogNode> nodes) {
        PMap<NodeName, NodeId> names = before.nameMap();
        if (old != null && old.id().equals(names.get(old.node().name()))) {
            names = names.minus(old.node().name());
            if (fresh == null
                    || !fresh.node().name().equals(old.node().name())
                    || !fresh.liveness().isRoutable()) {
                names = heir(names, old, nodes);
            }
        }
        if (fresh == null) {
            return names;
        }
        NodeId holder = names.get(fresh.node().name());
        CatalogNode held = holder == null ? null : nodes.get(holder);
        boolean takes = held == null
                || fresh.liveness().isRoutable()
                || !held.liveness().isRoutable();
        return takes ? names.plus(fresh.node().name(), fresh.id()) : names;
    }

    /** Another host of the same name, if there is one: it must not vanish together with its namesake. */
    private static PMap<NodeName, NodeId> heir(
            PMap<NodeName, NodeId> names, CatalogNode gone, PMap<NodeId, CatalogNode> nodes) {
        for (CatalogNode node : nodes.values()) {
            if (node.node().name().equals(gone.node().name()) && !node.id().equals(gone.id())) {
                return names.plus(node.node().name(), node.id());
            }
        }
        return names;
    }
}
