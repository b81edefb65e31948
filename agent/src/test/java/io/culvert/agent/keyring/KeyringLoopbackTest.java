package io.culvert.agent.keyring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.culvert.agent.rpc.LoopbackMesh;
import io.culvert.agent.rpc.RpcClient;
import io.culvert.agent.rpc.RpcFailure;
import io.culvert.agent.rpc.RpcQuestion;
import io.culvert.agent.rpc.wire.RpcError;
import io.culvert.catalog.Liveness;
import io.culvert.gossip.keyring.Keyring;
import io.culvert.gossip.keyring.PoolKey;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Real pools on the loopback interface, whose keys are changed while they run. */
class KeyringLoopbackTest {
    private static final Duration LONG = Duration.ofSeconds(60);

    private final LoopbackMesh mesh = new LoopbackMesh("ours.culvert");
    private final Map<String, KeyringHost> all = new LinkedHashMap<>();
    private final PoolKey first = PoolKey.generate(mesh.random);

    private final Path folder;
    private final KeyringHost server;
    private final KeyringHost two;
    private final KeyringHost three;

    KeyringLoopbackTest(@TempDir Path folder) throws IOException {
        this.folder = folder;
        this.server = host("s1").start();
        this.two = host("h2").start();
        this.three = host("h3").start();
        await().atMost(LONG).until(() -> all.values().stream().allMatch(host -> host.alive() == 3 && knowsNames(host)));
    }

    private KeyringHost host(String name) throws IOException {
        return new KeyringHost(mesh, name, folder.resolve(name), Keyring.of(first), all);
    }

    private static boolean knowsNames(KeyringHost host) {
        return host.pool().members().stream().allMatch(member -> member.name().isPresent());
    }

    @AfterEach
    void close() throws Exception {
        all.values().forEach(KeyringHost::close);
        mesh.close();
    }

    private String change(PoolKeys.Operation operation) {
        assertThat(server.keys().begin(operation)).isEmpty();
        await().atMost(LONG).until(() -> !server.keys().isRunning());
        return server.keys().progress().problem();
    }

    @Test
    void a_rotation_leaves_every_host_with_one_new_key_and_nobody_is_lost_on_the_way() {
        assertThat(change(new PoolKeys.Rotate())).isEmpty();

        String fresh = server.keys().own().get(0);
        assertThat(fresh).isNotEqualTo(first.idText());
        assertThat(all.values()).allSatisfy(host -> {
            assertThat(host.keeper().numbers()).containsExactly(fresh);
            assertThat(host.onDisk()).containsExactly(fresh);
            assertThat(host.alive()).isEqualTo(3);
        });
        assertThat(server.keys().unfinished()).isEmpty();
        assertThat(server.keys().progress().hosts())
                .extracting(KeyringProgress.Host::state)
                .containsOnly(KeyringProgress.State.DONE);
        // Comparisons of trees, whose key has changed as well, bring a newcomer everything.
        await().atMost(LONG)
                .untilAsserted(() -> assertThat(all.values())
                        .allSatisfy(host -> assertThat(host.catalog.current().nodes())
                                .as("all others")
                                .hasSize(2)));
    }

    @Test
    void a_host_that_slept_through_a_rotation_fetches_the_keys_and_comes_back() throws IOException {
        three.kill();
        await().atMost(LONG)
                .until(() -> server.livenessOf(three)
                                .filter(Liveness.FAILED::equals)
                                .isPresent()
                        && two.livenessOf(three).filter(Liveness.FAILED::equals).isPresent());
        assertThat(change(new PoolKeys.Rotate())).isEmpty();
        assertThat(server.keys().progress().hosts())
                .anySatisfy(host -> assertThat(host.state()).isEqualTo(KeyringProgress.State.DOWN));
        assertThat(three.onDisk()).containsExactly(first.idText());

        three.start();

        await().atMost(LONG).until(() -> all.values().stream().allMatch(host -> host.alive() == 3));
        assertThat(three.onDisk()).isEqualTo(server.keys().own());
    }

    @Test
    void a_host_that_missed_an_order_while_it_ran_fetches_the_keys_when_it_hears_an_unknown_one() {
        three.stopAnswering();
        PoolKey next = PoolKey.generate(mesh.random);
        assertThat(change(new PoolKeys.Install(Optional.of(next)))).contains("h3");

        assertThat(change(new PoolKeys.Use(next.idText(), false)))
                .as("a living host that may lack the key")
                .contains("h3")
                .contains("not begun");
        assertThat(server.keys().own().get(0)).isEqualTo(first.idText());
        assertThat(change(new PoolKeys.Use(next.idText(), true))).contains("h3");

        await().atMost(LONG)
                .untilAsserted(() -> assertThat(three.keeper().numbers())
                        .isEqualTo(server.keys().own()));
        await().atMost(LONG).until(() -> all.values().stream().allMatch(host -> host.alive() == 3));
    }

    @Test
    void a_rotation_that_was_cut_short_is_finished_by_the_next_one() {
        three.stopAnswering();
        assertThat(change(new PoolKeys.Rotate())).contains("h3").contains("not begun");
        String begun = server.keys().unfinished().orElseThrow();
        assertThat(two.keeper().numbers()).containsExactly(first.idText(), begun);

        three.kill();
        await().atMost(LONG)
                .until(() ->
                        server.livenessOf(three).filter(Liveness.FAILED::equals).isPresent());
        KeyringConductor afterRestart = server.conductor(server.keeper());
        assertThat(afterRestart.begin(new PoolKeys.Rotate())).isEmpty();
        await().atMost(LONG).until(() -> !afterRestart.isRunning());

        assertThat(afterRestart.progress().problem()).isEmpty();
        assertThat(two.keeper().numbers()).containsExactly(begun);
        assertThat(server.keeper().numbers()).containsExactly(begun);
        assertThat(afterRestart.unfinished()).isEmpty();
    }

    @Test
    void only_a_server_may_order_and_only_a_member_may_fetch() throws Exception {
        PoolKey theirs = PoolKey.generate(mesh.random);
        KeyringMessages.Change order =
                new KeyringMessages.Change(KeyringHost.LABEL, List.of(theirs.reveal()), theirs.idText(), List.of());

        assertThat(failure(two.client(), three, KeyringMessages.CHANGE, order).error())
                .isEqualTo(RpcError.REFUSED);
        assertThat(failure(two.client(), server, KeyringMessages.CHANGE, order).error())
                .isEqualTo(RpcError.REFUSED);
        assertThat(failure(
                                server.client(),
                                three,
                                KeyringMessages.CHANGE,
                                new KeyringMessages.Change(
                                        "other.culvert/dc1", List.of(theirs.reveal()), "", List.of()))
                        .getMessage())
                .contains("nothing was changed");
        RpcClient elsewhere = mesh.client(
                new io.culvert.identity.AgentIdentity(mesh.domain, "dc2", new io.culvert.catalog.NodeName("h9")),
                server.target());
        assertThat(failure(
                                elsewhere,
                                server,
                                KeyringMessages.FETCH,
                                new KeyringMessages.Fetch(KeyringHost.LABEL, List.of()))
                        .getMessage())
                .contains("gets none of its keys");
        assertThat(three.keeper().numbers()).containsExactly(first.idText());
        assertThat(two.keys().begin(new PoolKeys.Rotate())).contains("gossip keys are changed on s1");
    }

    @Test
    void one_change_at_a_time_and_what_is_not_there_is_refused() {
        assertThat(server.keys().begin(new PoolKeys.Use("00000000", true)))
                .hasValueSatisfying(
                        why -> assertThat(why).contains("no key 00000000").contains("nothing was changed"));
        assertThat(server.keys().begin(new PoolKeys.Remove(first.idText(), true)))
                .hasValueSatisfying(why -> assertThat(why).contains("is in use"));
        three.stopAnswering();
        assertThat(server.keys().begin(new PoolKeys.Show())).isEmpty();
        assertThat(server.keys().begin(new PoolKeys.Rotate()))
                .hasValueSatisfying(why -> assertThat(why).contains("under way"));
    }

    private static RpcFailure failure(RpcClient client, KeyringHost host, String method, Object request)
            throws Exception {
        try {
            Object answer = client.ask(
                            List.of(host.target()),
                            new RpcQuestion<>(method, request, KeyringMessages.State.class, true, LONG))
                    .get(60, TimeUnit.SECONDS);
            throw new AssertionError("answered " + answer);
        } catch (ExecutionException e) {
            RpcFailure failure = RpcFailure.in(e);
            if (failure == null) {
                throw e;
            }
            return failure;
        }
    }
}
