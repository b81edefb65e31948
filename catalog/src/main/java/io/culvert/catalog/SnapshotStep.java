package io.culvert.catalog;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.pcollections.PMap;

/**
 * Pure: one snapshot and one fact in, the next snapshot and what changed out. What is built anew is what changed; what
 * stays is looked at once ({@link ContentDifference}).
 */
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
        NodeId id = either(old, fresh).id();
        PMap<NodeId, CatalogNode> nodes =
                fresh == null ? before.nodeMap().minus(id) : before.nodeMap().plus(id, fresh);
        Set<ServiceName> touched = new LinkedHashSet<>();
        PMap<ServiceName, CatalogService> services = reindex(old, fresh, touched);
        long servicesIndex = touched.isEmpty() ? before.servicesIndex() : index;
        long nodesIndex = hostChanged(old, fresh) ? index : before.nodesIndex();
        CatalogSnapshot after =
                new CatalogSnapshot(index, nodesIndex, servicesIndex, nodes, rename(old, fresh, nodes), services);
        return new CatalogChange(before, after, Set.copyOf(touched), Set.of(id));
    }

    private static boolean hostChanged(@Nullable CatalogNode old, @Nullable CatalogNode fresh) {
        return old == null
                || fresh == null
                || old.liveness() != fresh.liveness()
                || !old.node().equals(fresh.node());
    }

    /** The index with the instances of this host replaced; services whose answer is the same are left alone. */
    private PMap<ServiceName, CatalogService> reindex(
            @Nullable CatalogNode old, @Nullable CatalogNode fresh, Set<ServiceName> touched) {
        Set<ServiceName> suspects = old == null || fresh == null || hostChanged(old, fresh)
                ? names(old, fresh)
                : ContentDifference.services(old.content(), fresh.content());
        Map<ServiceName, List<CatalogInstance>> instances =
                fresh == null ? Map.of() : CatalogInstance.of(fresh, suspects);
        NodeId id = either(old, fresh).id();
        PMap<ServiceName, CatalogService> services = before.serviceMap();
        for (ServiceName name : suspects) {
            CatalogService known = services.get(name);
            List<CatalogInstance> own = instances.getOrDefault(name, List.of());
            if (!sameAnswer(known == null ? List.of() : of(known, host -> host.equals(id)), own)) {
                touched.add(name);
                List<CatalogInstance> all =
                        new ArrayList<>(known == null ? List.of() : of(known, host -> !host.equals(id)));
                all.addAll(own);
                services = all.isEmpty()
                        ? services.minus(name)
                        : services.plus(name, new CatalogService(known == null ? name : known.name(), all, index));
            }
        }
        return services;
    }

    private static List<CatalogInstance> of(CatalogService service, Predicate<NodeId> wanted) {
        return service.instances().stream()
                .filter(instance -> wanted.test(instance.host().id()))
                .toList();
    }

    private static CatalogNode either(@Nullable CatalogNode old, @Nullable CatalogNode fresh) {
        return fresh != null ? fresh : Objects.requireNonNull(old, "one of them is there");
    }

    private static Set<ServiceName> names(@Nullable CatalogNode old, @Nullable CatalogNode fresh) {
        Set<ServiceName> names = new LinkedHashSet<>();
        if (old != null) {
            old.content().services().forEach(service -> names.add(service.name()));
        }
        if (fresh != null) {
            fresh.content().services().forEach(service -> names.add(service.name()));
        }
        return names;
    }

    private static boolean sameAnswer(List<CatalogInstance> some, List<CatalogInstance> others) {
        if (some.size() != others.size()) {
            return false;
        }
        for (int i = 0; i < some.size(); i++) {
            CatalogInstance one = some.get(i);
            CatalogInstance other = others.get(i);
            if (one.host().liveness() != other.host().liveness()
                    || !one.host().node().equals(other.host().node())
                    || !one.service().equals(other.service())
                    || !one.checks().equals(other.checks())) {
                return false;
            }
        }
        return true;
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
