package io.culvert.proxy.balance;

import static org.assertj.core.api.Assertions.assertThat;

import io.culvert.catalog.Catalog;
import io.culvert.catalog.CatalogInstance;
import io.culvert.catalog.CatalogService;
import io.culvert.catalog.CheckState;
import io.culvert.catalog.CheckStatus;
import io.culvert.catalog.IpAddress;
import io.culvert.catalog.Liveness;
import io.culvert.catalog.NodeContent;
import io.culvert.catalog.NodeId;
import io.culvert.catalog.NodeName;
import io.culvert.catalog.NodeRecord;
import io.culvert.catalog.ServiceInstance;
import io.culvert.catalog.ServiceName;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class BalancerTest {
    private final Catalog catalog = new Catalog();
    private final Balancer balancer = new Balancer(new SplittableRandom(3));

    private void host(int number, ServiceInstance instance, CheckStatus status) {
        NodeRecord node = new NodeRecord(
                new NodeId(0, number),
                new NodeName("n" + number),
                IpAddress.parse("10.0.0." + number),
                "dc1",
                Map.of(),
                8443,
                false,
                "");
        CheckState check = new CheckState("c", "c", status, instance.id(), "ttl", "");
        catalog.contentChanged(new NodeContent(node, List.of(instance), List.of(check)));
    }

    private CatalogService service() {
        return catalog.current().service(new ServiceName("web")).orElseThrow();
    }

    private Set<Long> picked() {
        Set<Long> hosts = new HashSet<>();
        for (int i = 0; i < 200; i++) {
            balancer.pick(service(), Set.of(), 0)
                    .map(CatalogInstance::host)
                    .ifPresent(host -> hosts.add(host.id().low()));
        }
        return hosts;
    }

    @Test
    void only_instances_that_are_routable_and_open_to_the_mesh_are_picked() {
        host(1, ServiceInstance.of("web", "web", 80).withMesh(), CheckStatus.PASSING);
        host(2, ServiceInstance.of("web", "web", 80).withMesh(), CheckStatus.CRITICAL);
        host(3, ServiceInstance.of("web", "web", 80), CheckStatus.PASSING);
        host(4, ServiceInstance.of("web", "web", 80).withMesh(), CheckStatus.PASSING);
        catalog.livenessChanged(new NodeId(0, 4), Liveness.FAILED);
        host(5, ServiceInstance.of("web", "web", 80).withMesh(), CheckStatus.WARNING);
        assertThat(picked()).containsExactlyInAnyOrder(1L, 5L);
    }

    @Test
    void why_nothing_can_be_picked_is_said() {
        host(1, ServiceInstance.of("web-1", "web", 80).withMesh(), CheckStatus.CRITICAL);
        host(2, ServiceInstance.of("web-2", "web", 80).withMesh(), CheckStatus.PASSING);
        catalog.livenessChanged(new NodeId(0, 2), Liveness.FAILED);
        assertThat(balancer.pick(service(), Set.of(), 0)).isEmpty();
        assertThat(Balancer.explain(service()))
                .contains("web-1 on n1 is critical")
                .contains("web-2 on n2 is unreachable");
    }

    @Test
    void a_host_whose_agent_cannot_be_reached_is_passed_over_until_it_has_answered() {
        for (int i = 1; i <= 3; i++) {
            host(i, ServiceInstance.of("web", "web", 80).withMesh(), CheckStatus.PASSING);
        }
        for (int i = 0; i < 3; i++) {
            balancer.hostFailed(new NodeId(0, 1), 0);
        }
        assertThat(picked()).containsExactlyInAnyOrder(2L, 3L);
        balancer.succeeded(new InstanceKey(new NodeId(0, 1), "web"));
        assertThat(picked()).containsExactlyInAnyOrder(1L, 2L, 3L);
    }

    @Test
    void active_streams_count_until_they_end() {
        host(1, ServiceInstance.of("web", "web", 80).withMesh(), CheckStatus.PASSING);
        host(2, ServiceInstance.of("web", "web", 80).withMesh(), CheckStatus.PASSING);
        InstanceKey first = new InstanceKey(new NodeId(0, 1), "web");
        balancer.streamBegun(first);
        assertThat(picked()).containsExactly(2L);
        balancer.streamEnded(first);
        assertThat(balancer.activeStreams(first)).isZero();
        assertThat(picked()).containsExactlyInAnyOrder(1L, 2L);
    }

    @Test
    void hosts_that_are_gone_are_forgotten() {
        InstanceKey gone = new InstanceKey(new NodeId(0, 9), "web");
        for (int i = 0; i < 3; i++) {
            balancer.instanceFailed(gone, 0);
        }
        balancer.retain(Set.of());
        host(9, ServiceInstance.of("web", "web", 80).withMesh(), CheckStatus.PASSING);
        host(8, ServiceInstance.of("web", "web", 80).withMesh(), CheckStatus.PASSING);
        host(7, ServiceInstance.of("web", "web", 80).withMesh(), CheckStatus.PASSING);
        assertThat(picked()).contains(9L);
    }
}
