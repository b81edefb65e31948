package io.culvert.catalog;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * One instance in a snapshot, with the host it lives on and every check that speaks of it.
 *
 * @param host without its services and checks: an instance that stays the same for long would otherwise keep all that its
 *     host published when it last changed
 * @param checks the instance's own and the node's, without the liveness check
 */
public record CatalogInstance(CatalogNode host, ServiceInstance service, List<CheckState> checks) {
    /**
     * The instances on {@code host} of the services called {@code names}, each list in the order of the content. Looks at
     * every service and check of the host once.
     */
    static Map<ServiceName, List<CatalogInstance>> of(CatalogNode host, Set<ServiceName> names) {
        List<ServiceInstance> wanted = new ArrayList<>();
        Map<String, List<CheckState>> checks = new HashMap<>();
        for (ServiceInstance service : host.content().services()) {
            if (names.contains(service.name())) {
                wanted.add(service);
                checks.putIfAbsent(service.id(), new ArrayList<>());
            }
        }
        if (wanted.isEmpty()) {
            return Map.of();
        }
        for (CheckState check : host.content().checks()) {
            if (check.serviceId().isEmpty()) {
                checks.values().forEach(list -> list.add(check));
            } else {
                checks.computeIfPresent(check.serviceId(), (id, list) -> {
                    list.add(check);
                    return list;
                });
            }
        }
        CatalogNode bare = host.bare();
        Map<ServiceName, List<CatalogInstance>> instances = new HashMap<>();
        for (ServiceInstance service : wanted) {
            List<CheckState> own = List.copyOf(Objects.requireNonNull(checks.get(service.id()), "entered above"));
            instances
                    .computeIfAbsent(service.name(), name -> new ArrayList<>())
                    .add(new CatalogInstance(bare, service, own));
        }
        return instances;
    }

    /** Worst of all checks and of liveness, as Consul aggregates. */
    public CheckStatus status() {
        CheckStatus worst = host.livenessCheck().status();
        for (CheckState check : checks) {
            worst = worst.worse(check.status());
        }
        return worst;
    }

    /** Whether new streams may go to it: its host answers and no check is critical. */
    public boolean isRoutable() {
        return status() != CheckStatus.CRITICAL;
    }

    /** The address others use: its own, else the node's. */
    public String effectiveAddress() {
        return service.address().isEmpty() ? host.node().address().toString() : service.address();
    }

    /** Weight in its present state; 0 when critical. */
    public int weight() {
        return switch (status()) {
            case PASSING -> service.weights().passing();
            case WARNING -> service.weights().warning();
            case CRITICAL -> 0;
        };
    }
}
