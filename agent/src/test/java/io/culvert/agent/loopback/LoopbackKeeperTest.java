package io.culvert.agent.loopback;

import static org.assertj.core.api.Assertions.assertThat;

import io.culvert.agent.files.DurableFile;
import io.culvert.catalog.Catalog;
import io.culvert.catalog.IpAddress;
import io.culvert.catalog.LoopbackPool;
import io.culvert.catalog.LoopbackTable;
import io.culvert.catalog.NodeContent;
import io.culvert.catalog.NodeId;
import io.culvert.catalog.NodeName;
import io.culvert.catalog.NodeRecord;
import io.culvert.catalog.ServiceInstance;
import io.culvert.catalog.ServiceName;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LoopbackKeeperTest {
    @TempDir
    Path folder = Path.of("unset");

    private final Catalog catalog = new Catalog();

    private void publish(ServiceInstance... services) {
        NodeRecord node = new NodeRecord(
                new NodeId(0, 1), new NodeName("n1"), IpAddress.parse("10.0.0.1"), "dc1", Map.of(), 8443, false, "");
        catalog.contentChanged(new NodeContent(node, List.of(services), List.of()));
    }

    private LoopbackKeeper keeper() throws IOException {
        return new LoopbackKeeper(
                catalog, LoopbackPool.DEFAULT, Optional.of(new DurableFile(folder.resolve("loopback"))), Runnable::run);
    }

    @Test
    void a_mesh_service_gets_an_address_and_others_do_not() throws IOException {
        try (LoopbackKeeper keeper = keeper()) {
            publish(ServiceInstance.of("web", "web", 80).withMesh(), ServiceInstance.of("plain", "plain", 81));
            assertThat(keeper.get().address(new ServiceName("web"))).isPresent();
            assertThat(keeper.get().address(new ServiceName("plain"))).isEmpty();
        }
    }

    @Test
    void an_address_outlives_its_service_and_the_agent() throws IOException {
        IpAddress before;
        try (LoopbackKeeper keeper = keeper()) {
            publish(ServiceInstance.of("web", "web", 80).withMesh());
            before = keeper.get().address(new ServiceName("web")).orElseThrow();
            publish();
            assertThat(keeper.get().address(new ServiceName("web"))).contains(before);
        }
        try (LoopbackKeeper restarted = keeper()) {
            assertThat(restarted.get().address(new ServiceName("web"))).contains(before);
        }
    }

    @Test
    void a_damaged_file_is_set_aside_and_the_agent_starts() throws IOException {
        Files.writeString(folder.resolve("loopback"), "web\u0000nonsense\n");
        try (LoopbackKeeper keeper = keeper()) {
            assertThat(keeper.get().entries())
                    .extracting(LoopbackTable.Entry::name)
                    .isEmpty();
        }
        assertThat(folder.resolve("loopback.damaged")).exists();
    }
}
