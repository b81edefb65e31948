package io.culvert.catalog;

import java.util.ArrayList;
import java.util.List;

/**
 * One instance in a snapshot, with the host it lives on and every check that speaks of it.
 *
 * @param checks the instance's own and the node's, without the liveness check
 */
public record CatalogInstance(CatalogNode host, ServiceInstance service, List<CheckState> checks) {
    static CatalogInstance of(CatalogNode host, ServiceInstance service) {
        List<CheckState> checks = new ArrayList<>();
        for (CheckState check : host.content().checks()) {
            if (check.serviceId().isEmpty() || check.serviceId().equals(service.id())) {
                checks.add(check);
            }
        }
        return new CatalogInstance(host, service, List.copyOf(checks));
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
