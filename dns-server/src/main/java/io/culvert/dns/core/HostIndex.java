package io.culvert.dns.core;

import io.culvert.catalog.CatalogNode;
import io.culvert.catalog.CatalogSnapshot;
import io.culvert.catalog.IpAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * Hosts by what snapshots are not indexed by. Built by the first question that needs it after hosts have changed, so
 * that neither changes of services nor the common questions pay for it.
 *
 * @param nodesIndex the {@link CatalogSnapshot#nodesIndex} it was built from
 * @param datacenters in lower case
 */
record HostIndex(
        long nodesIndex,
        Map<IpAddress, List<CatalogNode>> byAddress,
        List<CatalogNode> servers,
        Set<String> datacenters) {
    static final HostIndex NONE = new HostIndex(0, Map.of(), List.of(), Set.of());

    static HostIndex of(CatalogSnapshot snapshot) {
        Map<IpAddress, List<CatalogNode>> byAddress = new HashMap<>();
        List<CatalogNode> servers = new ArrayList<>();
        Set<String> datacenters = new HashSet<>();
        for (CatalogNode node : snapshot.nodes()) {
            byAddress
                    .computeIfAbsent(node.node().address(), address -> new ArrayList<>())
                    .add(node);
            datacenters.add(node.node().datacenter().toLowerCase(Locale.ROOT));
            if (node.node().server() && node.liveness().isRoutable()) {
                servers.add(node);
            }
        }
        return new HostIndex(snapshot.nodesIndex(), byAddress, servers, datacenters);
    }
}
