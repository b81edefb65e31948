package io.culvert.gossip;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.culvert.gossip.keyring.Keyring;
import io.culvert.gossip.keyring.PoolKey;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Finding a pool, and finding it again: with real sockets, names and disks. */
class RejoinLoopbackTest {
    private static final Duration CAP = Duration.ofSeconds(60);

    private final Keyring keyring = Keyring.of(PoolKey.generate(new SecureRandom()));
    private final List<LoopbackHost> hosts = new ArrayList<>();

    @TempDir
    private Path directory = Path.of("");

    @AfterEach
    void nothing_failed_and_all_end() {
        hosts.forEach(LoopbackHost::close);
        assertThat(hosts).allSatisfy(host -> assertThat(host.failures).isEmpty());
    }

    private LoopbackHost host(String name) {
        LoopbackHost host = new LoopbackHost(name, directory.resolve(name), keyring);
        hosts.add(host);
        return host;
    }

    private void awaitTogether(int size) {
        await().atMost(CAP)
                .untilAsserted(() -> assertThat(hosts)
                        .allSatisfy(
                                host -> assertThat(host.alive()).as(host.name).isEqualTo(size)));
    }

    private void pool(int size) throws Exception {
        for (int i = 0; i < size; i++) {
            LoopbackHost host = host("host-" + i);
            if (i > 0) {
                host.retryJoin(List.of(hosts.get(0).address()));
            }
            host.start().publish("of-" + host.name);
            host.rememberPort();
        }
        awaitTogether(size);
    }

    @Test
    void a_pool_that_is_partly_up_is_found_behind_many_dead_addresses_and_a_name() throws Exception {
        LoopbackHost up = host("up").start();
        List<HostPort> list = new ArrayList<>(List.of(new HostPort("no-such-host.invalid", 8301)));
        for (int port = 1; port <= 20; port++) {
            list.add(new HostPort("127.0.0.1", port));
        }
        // By name: it stands for ::1 as well, where nobody listens.
        list.add(new HostPort("localhost", up.address().port()));

        LoopbackHost newcomer = host("newcomer").retryJoin(list).start();

        awaitTogether(2);
        assertThat(newcomer.pool().joinStatus().searching()).isFalse();
    }

    @Test
    void two_halves_that_found_each_other_only_become_one_pool() throws Exception {
        LoopbackHost a = host("a").start();
        LoopbackHost b = host("b").retryJoin(List.of(a.address())).start();
        await().atMost(CAP).until(() -> a.alive() == 2 && b.alive() == 2);
        a.rememberPort();
        b.rememberPort();
        HostPort whereA = a.address();
        a.close();
        b.close();
        LoopbackHost c = host("c").retryJoin(List.of(whereA)).start();
        LoopbackHost d = host("d").retryJoin(List.of(c.address())).start();
        await().atMost(CAP).until(() -> c.alive() == 2 && d.alive() == 2);

        // Neither of them has heard of c or d; c, which is in company by now, has a on its list.
        a.comeBack();
        b.comeBack();

        awaitTogether(4);
    }

    @Test
    void a_whole_pool_restarts_in_another_order_and_finds_together_from_its_disks_alone() throws Exception {
        pool(5);
        List<LoopbackHost> order = new ArrayList<>(hosts);
        order.forEach(LoopbackHost::close);
        order.forEach(host -> host.retryJoin(List.of()));
        Collections.reverse(order);
        for (LoopbackHost host : order) {
            host.comeBack();
            host.publish("of-" + host.name);
        }

        awaitTogether(5);
        await().atMost(CAP)
                .untilAsserted(
                        () -> assertThat(hosts.get(4).servicesOf(hosts.get(0))).containsExactly("of-host-0"));
    }

    @Test
    void a_host_whose_snapshot_is_damaged_sets_it_aside_and_is_found_by_the_others() throws Exception {
        pool(3);
        LoopbackHost victim = hosts.get(1);
        hosts.forEach(LoopbackHost::close);
        hosts.forEach(host -> host.retryJoin(List.of()));
        Path snapshot = directory.resolve("host-1/gossip-snapshot");
        byte[] bytes = Files.readAllBytes(snapshot);
        bytes[bytes.length / 2] ^= 1;
        Files.write(snapshot, bytes);

        for (LoopbackHost host : hosts) {
            host.comeBack();
        }

        awaitTogether(3);
        assertThat(directory.resolve("host-1/gossip-snapshot.damaged")).hasBinaryContent(bytes);
        assertThat(victim.livenessOf(hosts.get(0))).isPresent();
    }
}
