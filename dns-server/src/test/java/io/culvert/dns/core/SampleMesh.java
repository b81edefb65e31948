package io.culvert.dns.core;

import io.culvert.catalog.Catalog;
import io.culvert.catalog.CatalogService;
import io.culvert.catalog.CheckState;
import io.culvert.catalog.CheckStatus;
import io.culvert.catalog.IpAddress;
import io.culvert.catalog.Liveness;
import io.culvert.catalog.LoopbackPool;
import io.culvert.catalog.LoopbackTable;
import io.culvert.catalog.NodeContent;
import io.culvert.catalog.NodeId;
import io.culvert.catalog.NodeName;
import io.culvert.catalog.NodeRecord;
import io.culvert.catalog.ServiceInstance;
import io.culvert.catalog.ServiceName;
import io.culvert.catalog.Weights;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A small mesh with one of everything that names can be asked about. */
public final class SampleMesh {
    public static final long NOW = 1_800_000_000L;

    private final Catalog catalog = new Catalog();

    public SampleMesh() {
        host(
                1,
                "db-1",
                "10.0.0.7",
                "dc1",
                true,
                List.of(
                        instance("mysql-1", "mysql", 3306, "", List.of("primary"), Weights.DEFAULT)
                                .withMesh(),
                        instance("web-1", "Web", 80, "", List.of("v1", "blue.green"), new Weights(10, 3)),
                        instance("own", "own", 99, "192.0.2.5", List.of(), Weights.DEFAULT),
                        instance("hosted", "hosted", 5432, "db.example.com", List.of(), Weights.DEFAULT)),
                List.of());
        host(
                2,
                "App-1",
                "10.0.0.8",
                "dc1",
                false,
                List.of(
                        instance("mysql-2", "mysql", 3307, "", List.of("replica"), Weights.DEFAULT)
                                .withMesh(),
                        instance("web-2", "Web", 81, "", List.of("v2"), new Weights(10, 3)),
                        instance("web-3", "Web", 82, "", List.of("v2"), new Weights(10, 3)),
                        instance("sick", "sick", 70, "", List.of(), Weights.DEFAULT)
                                .withMesh()),
                List.of(
                        check("web-2", CheckStatus.WARNING),
                        check("web-3", CheckStatus.CRITICAL),
                        check("sick", CheckStatus.CRITICAL)));
        host(
                3,
                "six",
                "fd00::7",
                "dc1",
                false,
                List.of(instance("v6", "v6", 6, "", List.of(), Weights.DEFAULT)),
                List.of());
        host(
                4,
                "far",
                "10.9.0.1",
                "dc2",
                false,
                List.of(instance("web-9", "web", 90, "", List.of(), Weights.DEFAULT)),
                List.of());
        host(
                5,
                "down",
                "10.0.0.9",
                "dc1",
                false,
                List.of(instance("gone", "gone", 71, "", List.of(), Weights.DEFAULT)
                        .withMesh()),
                List.of());
        host(6, "a.dotted", "10.0.0.10", "dc1", false, List.of(), List.of());
        catalog.livenessChanged(new NodeId(0, 5), Liveness.FAILED);
    }

    public Catalog catalog() {
        return catalog;
    }

    public void host(
            int id,
            String name,
            String address,
            String datacenter,
            boolean server,
            List<ServiceInstance> services,
            List<CheckState> checks) {
        Map<String, String> meta = id == 1 ? Map.of("rack", "r1", "a=b`c", "d", "rfc1035-note", "plain") : Map.of();
        NodeRecord node = new NodeRecord(
                new NodeId(0, id),
                new NodeName(name),
                IpAddress.parse(address),
                datacenter,
                meta,
                8443,
                server,
                "0.1.0");
        catalog.contentChanged(new NodeContent(node, services, checks));
    }

    public static ServiceInstance instance(
            String id, String name, int port, String address, List<String> tags, Weights weights) {
        return new ServiceInstance(
                id, new ServiceName(name), tags, Map.of(), address, port, "", Map.of(), weights, false, false, 1_000);
    }

    public static CheckState check(String serviceId, CheckStatus status) {
        return new CheckState("check-" + serviceId, "check", status, serviceId, "tcp", "");
    }

    /** The table that every host of this mesh has. */
    public LoopbackTable table() {
        LoopbackTable table = LoopbackTable.empty(LoopbackPool.DEFAULT);
        List<CatalogService> services = new ArrayList<>(catalog.current().services());
        for (CatalogService service : services) {
            if (service.isMesh()) {
                table = table.with(service.name(), service.firstRegistered());
            }
        }
        return table;
    }

    public View view() {
        return new View(catalog.current(), table(), NOW);
    }

    public String loopback(String name) {
        return table().address(new ServiceName(name)).orElseThrow().toString();
    }
}
