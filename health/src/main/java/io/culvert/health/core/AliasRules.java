package io.culvert.health.core;

import io.culvert.catalog.CatalogNode;
import io.culvert.catalog.CatalogSnapshot;
import io.culvert.catalog.CheckState;
import io.culvert.catalog.NodeId;
import io.culvert.catalog.NodeName;
import io.culvert.health.CheckDefinition;
import io.culvert.health.CheckKind;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Finds the checks that an alias mirrors: those of the target and those of its node, as Consul does. On this host it
 * looks at the checks themselves, on others at the catalogue. An alias of an alias is seen through, so that two that
 * point at each other do not keep each other critical for ever.
 */
final class AliasRules {
    private final Map<String, CheckMachine> local;
    private final CatalogSnapshot catalog;
    private final Optional<CatalogNode> self;

    AliasRules(Map<String, CheckMachine> local, CatalogSnapshot catalog, NodeId self) {
        this.local = local;
        this.catalog = catalog;
        this.self = catalog.node(self);
    }

    AliasVerdict judge(AliasCheck alias) {
        CheckKind.Alias target = alias.target();
        if (isLocal(target)) {
            if (!existsHere(target.serviceId())) {
                return missing(target);
            }
            List<AliasVerdict.Seen> seen = new ArrayList<>();
            gatherHere(target.serviceId(), new HashSet<>(Set.of(alias.check().id())), seen);
            return AliasVerdict.worstOf(seen);
        }
        return catalog.node(new NodeName(target.node()))
                .filter(node -> exists(node, target.serviceId()))
                .map(node -> AliasVerdict.worstOf(seenOn(node, target.serviceId())))
                .orElseGet(() -> missing(target));
    }

    private boolean isLocal(CheckKind.Alias target) {
        return target.node().isEmpty()
                || self.filter(node -> node.node().name().equals(new NodeName(target.node())))
                        .isPresent();
    }

    private boolean existsHere(String serviceId) {
        return serviceId.isEmpty()
                || self.filter(node -> exists(node, serviceId)).isPresent()
                || local.values().stream()
                        .anyMatch(machine -> machine.check().serviceId().equals(serviceId));
    }

    private static boolean exists(CatalogNode node, String serviceId) {
        return serviceId.isEmpty()
                || node.content().services().stream()
                        .anyMatch(service -> service.id().equals(serviceId));
    }

    private void gatherHere(String serviceId, Set<String> aliasesSeen, List<AliasVerdict.Seen> seen) {
        for (CheckMachine machine : local.values()) {
            CheckDefinition check = machine.check();
            if (!concerns(check.serviceId(), serviceId) || aliasesSeen.contains(check.id())) {
                continue;
            }
            if (machine instanceof AliasCheck alias
                    && isLocal(alias.target())
                    && existsHere(alias.target().serviceId())) {
                aliasesSeen.add(check.id());
                gatherHere(alias.target().serviceId(), aliasesSeen, seen);
            } else {
                seen.add(new AliasVerdict.Seen(
                        check.name(),
                        machine.result().status(),
                        machine.result().output()));
            }
        }
        self.ifPresent(node -> addMaintenance(node, serviceId, seen));
    }

    /** Maintenance is kept by the agent and is known here from the catalogue only. */
    private static void addMaintenance(CatalogNode node, String serviceId, List<AliasVerdict.Seen> seen) {
        for (CheckState state : node.content().checks()) {
            if (state.isMaintenance() && concerns(state.serviceId(), serviceId)) {
                seen.add(new AliasVerdict.Seen(state.name(), state.status(), state.notes()));
            }
        }
    }

    private static List<AliasVerdict.Seen> seenOn(CatalogNode node, String serviceId) {
        List<AliasVerdict.Seen> seen = new ArrayList<>();
        CheckState liveness = node.livenessCheck();
        seen.add(new AliasVerdict.Seen(liveness.name(), liveness.status(), ""));
        for (CheckState state : node.content().checks()) {
            if (concerns(state.serviceId(), serviceId)) {
                seen.add(new AliasVerdict.Seen(state.name(), state.status(), state.notes()));
            }
        }
        return seen;
    }

    private static boolean concerns(String checked, String serviceId) {
        return checked.isEmpty() || checked.equals(serviceId);
    }

    private AliasVerdict missing(CheckKind.Alias target) {
        String node = target.node().isEmpty()
                ? self.map(own -> own.node().name().text()).orElse("this node")
                : target.node();
        return AliasVerdict.missing(
                target.serviceId().isEmpty()
                        ? "Node " + node + " could not be found"
                        : "Service " + target.serviceId() + " could not be found on node " + node);
    }
}
