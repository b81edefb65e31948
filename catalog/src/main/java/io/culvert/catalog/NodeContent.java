package io.culvert.catalog;

import java.util.List;

/**
 * All that one owner publishes: itself, its instances, its checks. Always one consistent state of the owner, never a
 * mix of two.
 */
public record NodeContent(NodeRecord node, List<ServiceInstance> services, List<CheckState> checks) {
    public NodeContent {
        services = List.copyOf(services);
        checks = List.copyOf(checks);
    }
}
