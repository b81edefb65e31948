package io.culvert.agent.policy;

import static io.culvert.agent.policy.PolicyStoreTest.intention;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.culvert.agent.files.DurableFile;
import io.culvert.agent.rpc.LoopbackMesh;
import io.culvert.agent.rpc.RpcLimits;
import io.culvert.agent.rpc.RpcMethods;
import io.culvert.agent.rpc.RpcServer;
import io.culvert.catalog.clock.SystemClocks;
import io.culvert.identity.Intention;
import io.culvert.identity.IntentionTable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PolicyReplicaTest {
    @TempDir
    Path folder = Path.of("unset");

    private final LoopbackMesh mesh = new LoopbackMesh("test.culvert");
    private final ScheduledExecutorService worker = Executors.newSingleThreadScheduledExecutor();
    private PolicyStore store = memory("mesh");
    private final LoopbackMesh.Port port = listen(mesh);

    private static PolicyStore memory(String name) {
        try {
            return PolicyStore.open(name, Optional.empty());
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static LoopbackMesh.Port listen(LoopbackMesh mesh) {
        try {
            return mesh.port();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @AfterEach
    void close() throws Exception {
        worker.shutdownNow();
        mesh.close();
    }

    private RpcServer serve() throws IOException {
        RpcMethods methods = new RpcMethods();
        PolicyService.register(store, methods);
        return mesh.serve(port, "server", methods, RpcLimits.MEMBERS);
    }

    private PolicyReplica replica() throws IOException {
        PolicyReplica replica = new PolicyReplica(
                mesh.client(mesh.agent("app"), mesh.target(port, "server")),
                new DurableFile(folder.resolve("replica.json")),
                new PolicyReplica.Surroundings(worker, SystemClocks.WALL, new SplittableRandom(7)));
        return mesh.keep(replica);
    }

    private static Intention allow(String source, String destination) {
        return intention(source, destination, Intention.Action.ALLOW, Intention.FROM_API);
    }

    @Test
    void a_change_on_the_server_reaches_the_agent_and_its_listeners() throws IOException {
        serve();
        PolicyReplica replica = replica();
        List<IntentionTable> heard = new CopyOnWriteArrayList<>();
        replica.subscribe(heard::add);
        replica.start();
        store.put(allow("shop", "db"));
        await().until(() -> replica.current().decide("shop", "db").allowed());
        store.delete(Intention.Pair.of("shop", "db"));
        await().until(() -> !replica.current().decide("shop", "db").allowed());
        assertThat(replica.confirmed()).isPresent();
        assertThat(heard).last().isEqualTo(replica.current());
    }

    @Test
    void the_last_known_policy_outlives_the_server_and_a_restart() throws IOException {
        store.put(allow("shop", "db"));
        RpcServer server = serve();
        PolicyReplica first = replica();
        first.start();
        await().until(() -> Files.exists(folder.resolve("replica.json")));
        mesh.stop(port, server);
        assertThat(first.current().decide("shop", "db").allowed()).isTrue();
        PolicyReplica restarted = replica();
        assertThat(restarted.current().decide("shop", "db").allowed()).isTrue();
        assertThat(restarted.confirmed()).isEmpty();
    }

    @Test
    void a_server_that_comes_back_is_heard_again() throws IOException {
        RpcServer server = serve();
        PolicyReplica replica = replica();
        replica.start();
        await().until(() -> replica.confirmed().isPresent());
        mesh.stop(port, server);
        store.put(allow("shop", "db"));
        serve();
        await().until(() -> replica.current().decide("shop", "db").allowed());
    }

    @Test
    void another_store_replaces_everything_even_when_its_version_is_lower() throws IOException {
        for (int i = 0; i < 5; i++) {
            store.put(allow("old" + i, "db"));
        }
        RpcServer server = serve();
        PolicyReplica replica = replica();
        replica.start();
        await().until(() -> replica.current().decide("old4", "db").allowed());
        mesh.stop(port, server);
        store = memory("rebuilt");
        store.put(allow("new", "db"));
        serve();
        await().until(() -> replica.current().decide("new", "db").allowed());
        assertThat(replica.current().decide("old4", "db").allowed()).isFalse();
    }

    @Test
    void a_table_larger_than_one_message_arrives_whole() throws IOException {
        String long512 = "ä".repeat(512);
        for (int i = 0; i < 400; i++) {
            store.put(new Intention(
                    "s" + i, "db", Intention.Action.ALLOW, long512, Map.of("k", long512), Intention.FROM_API));
        }
        serve();
        PolicyReplica replica = replica();
        replica.start();
        await().until(() -> replica.current().intentions().size() == 400);
        assertThat(replica.current().intentions()).isEqualTo(store.current().intentions());
    }

    @Test
    void a_damaged_file_is_set_aside_and_everything_is_denied_until_a_server_answers() throws IOException {
        Files.writeString(folder.resolve("replica.json"), "{{{");
        PolicyReplica replica = replica();
        assertThat(replica.current().intentions()).isEmpty();
        assertThat(folder.resolve("replica.json.damaged")).exists();
    }
}
