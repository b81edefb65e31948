package io.culvert.agent.http.endpoint;

import io.culvert.agent.http.json.CheckView;
import io.culvert.agent.http.json.CheckView.Timing;
import io.culvert.agent.local.LocalCheck;
import io.culvert.agent.local.LocalState;
import io.culvert.agent.outputs.CheckOutputs;
import io.culvert.catalog.CatalogInstance;
import io.culvert.catalog.CatalogNode;
import io.culvert.catalog.CheckState;
import io.culvert.catalog.NodeId;
import io.culvert.catalog.ServiceInstance;
import io.culvert.health.CheckDefinition;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Checks as the API shows them; output of other hosts' checks only where it was asked for. */
final class CheckViews {
    private static final String ALIVE = "Agent alive and reachable";
    private static final String LOST = "Agent not live or unreachable";

    private final LocalState local;
    private final long base;
    private final CheckOutputs remote;
    private final Map<NodeId, Map<String, String>> fetched;

    CheckViews(LocalState local, long base, CheckOutputs remote) {
        this(local, base, remote, Map.of());
    }

    private CheckViews(LocalState local, long base, CheckOutputs remote, Map<NodeId, Map<String, String>> fetched) {
        this.local = local;
        this.base = base;
        this.remote = remote;
        this.fetched = fetched;
    }

    /** The same views with the output of the checks of these instances and their hosts; blocks for a second at most. */
    CheckViews withOutputOf(List<CatalogInstance> instances) {
        Map<NodeId, CatalogNode> hosts = new LinkedHashMap<>();
        Map<NodeId, Set<String>> checks = new LinkedHashMap<>();
        for (CatalogInstance instance : instances) {
            NodeId host = instance.host().id();
            hosts.put(host, instance.host());
            Set<String> ids = checks.computeIfAbsent(host, id -> new LinkedHashSet<>());
            instance.checks().forEach(check -> ids.add(check.id()));
        }
        List<CheckOutputs.Wanted> wanted = new ArrayList<>();
        hosts.forEach((id, host) -> wanted.add(new CheckOutputs.Wanted(host, checks.getOrDefault(id, Set.of()))));
        return with(wanted);
    }

    /** The same views with the output of all checks of the host; blocks for a second at most. */
    CheckViews withOutputOn(CatalogNode host) {
        Set<String> ids = host.content().checks().stream().map(CheckState::id).collect(Collectors.toSet());
        return with(List.of(new CheckOutputs.Wanted(host, ids)));
    }

    private CheckViews with(List<CheckOutputs.Wanted> wanted) {
        NodeId self = local.view().content().node().id();
        List<CheckOutputs.Wanted> elsewhere = wanted.stream()
                .filter(one -> !one.host().id().equals(self) && !one.checks().isEmpty())
                .toList();
        return elsewhere.isEmpty() ? this : new CheckViews(local, base, remote, remote.of(elsewhere));
    }

    /** Liveness first, then all of the host and its services. */
    List<CheckView> ofNode(CatalogNode node) {
        Map<String, ServiceInstance> services = new HashMap<>();
        node.content().services().forEach(service -> services.put(service.id(), service));
        List<CheckView> views = new ArrayList<>();
        views.add(liveness(node));
        for (CheckState check : node.content().checks()) {
            views.add(view(node, check, services.get(check.serviceId())));
        }
        return views;
    }

    /** Liveness, checks of the host, and those of the instance itself. */
    List<CheckView> ofInstance(CatalogInstance instance) {
        List<CheckView> views = new ArrayList<>();
        views.add(liveness(instance.host()));
        for (CheckState check : instance.checks()) {
            views.add(view(instance.host(), check, check.serviceId().isEmpty() ? null : instance.service()));
        }
        return views;
    }

    /** Those of the instance itself. */
    List<CheckView> ofServiceOnly(CatalogInstance instance) {
        return ofInstance(instance).stream()
                .filter(view -> !view.state().serviceId().isEmpty())
                .toList();
    }

    /** A check of this host, with everything that its owner knows. */
    CheckView ofLocal(LocalCheck check) {
        String serviceId = check.state().serviceId();
        Optional<ServiceInstance> service = local.view().service(serviceId).map(found -> found.service());
        return new CheckView(
                local.view().content().node().name().text(),
                check.state(),
                local.output(check.state().id()),
                service.map(found -> found.name().text()).orElse(""),
                service.map(ServiceInstance::tags).orElse(List.of()),
                check.standAlone() ? check.definition().map(CheckViews::timing) : Optional.empty(),
                0,
                0);
    }

    private static Timing timing(CheckDefinition definition) {
        return new Timing(definition.interval(), definition.timeout());
    }

    private CheckView liveness(CatalogNode node) {
        return new CheckView(
                node.node().name().text(),
                node.livenessCheck(),
                node.liveness().isRoutable() ? ALIVE : LOST,
                "",
                List.of(),
                Optional.empty(),
                base + node.createIndex(),
                base + node.modifyIndex());
    }

    private CheckView view(CatalogNode node, CheckState check, @Nullable ServiceInstance service) {
        NodeId self = local.view().content().node().id();
        return new CheckView(
                node.node().name().text(),
                check,
                node.id().equals(self)
                        ? local.output(check.id())
                        : fetched.getOrDefault(node.id(), Map.of()).getOrDefault(check.id(), ""),
                service == null ? "" : service.name().text(),
                service == null ? List.of() : service.tags(),
                Optional.empty(),
                base + node.createIndex(),
                base + node.modifyIndex());
    }
}
