package io.culvert.gossip;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.culvert.catalog.Liveness;
import io.culvert.catalog.NodeName;
import io.culvert.gossip.keyring.Keyring;
import io.culvert.gossip.keyring.PoolKey;
import io.culvert.gossip.wire.Refusal;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whole pools in one process, with real sockets, keys and disks. */
class GossipPoolLoopbackTest {
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

    private void pool(int size) throws Exception {
        for (int i = 0; i < size; i++) {
            LoopbackHost host = host("host-" + i).start();
            if (i > 0) {
                int answered = host.pool().join(List.of(hosts.get(0).address())).get(30, TimeUnit.SECONDS);
                assertThat(answered).isEqualTo(1);
            }
        }
        await().atMost(CAP)
                .untilAsserted(() -> assertThat(hosts)
                        .allSatisfy(
                                host -> assertThat(host.alive()).as(host.name).isEqualTo(size)));
    }

    @Test
    void ten_hosts_find_each_other_and_hear_of_every_change() throws Exception {
        pool(10);
        for (LoopbackHost host : hosts) {
            host.publish("web", "of-" + host.name);
        }
        await().atMost(CAP)
                .untilAsserted(() -> assertThat(hosts)
                        .allSatisfy(host -> assertThat(hosts)
                                .filteredOn(other -> other != host)
                                .allSatisfy(owner -> assertThat(host.servicesOf(owner))
                                        .containsExactly("of-" + owner.name, "web"))));

        hosts.get(3).publish("of-host-3");
        await().atMost(CAP)
                .untilAsserted(() -> assertThat(hosts)
                        .filteredOn(host -> host != hosts.get(3))
                        .allSatisfy(host ->
                                assertThat(host.servicesOf(hosts.get(3))).containsExactly("of-host-3")));
        assertThat(hosts.get(1).pool().members())
                .extracting(member -> member.name().map(NodeName::text).orElse("?"))
                .containsExactlyInAnyOrderElementsOf(
                        hosts.stream().map(host -> host.name).toList());
    }

    @Test
    void a_killed_host_is_found_dead_and_welcomed_back_with_its_services() throws Exception {
        pool(5);
        LoopbackHost victim = hosts.get(2);
        victim.publish("mysql");
        victim.rememberPort();
        await().atMost(CAP)
                .untilAsserted(() -> assertThat(hosts.get(4).servicesOf(victim)).containsExactly("mysql"));

        victim.close();
        await().atMost(CAP)
                .untilAsserted(() -> assertThat(others(victim))
                        .allSatisfy(host -> assertThat(host.livenessOf(victim)).contains(Liveness.FAILED)));
        assertThat(others(victim))
                .allSatisfy(host -> assertThat(host.catalog.current().node(victim.id()))
                        .get()
                        .satisfies(node -> assertThat(node.liveness()).isEqualTo(Liveness.FAILED)));

        // Nobody is named to it: it knows them from its own disk.
        victim.comeBack();
        victim.publish("mysql");
        await().atMost(CAP)
                .untilAsserted(() -> assertThat(hosts)
                        .allSatisfy(
                                host -> assertThat(host.alive()).as(host.name).isEqualTo(5)));
        await().atMost(CAP)
                .untilAsserted(() -> assertThat(others(victim))
                        .allSatisfy(host -> assertThat(host.servicesOf(victim)).containsExactly("mysql")));
    }

    @Test
    void a_restart_that_is_too_quick_to_be_noticed_is_accepted_at_once() throws Exception {
        pool(3);
        LoopbackHost restarted = hosts.get(1);
        restarted.publish("web");
        await().atMost(CAP)
                .untilAsserted(
                        () -> assertThat(hosts.get(2).servicesOf(restarted)).containsExactly("web"));
        long before = epochOf(hosts.get(0), restarted);

        restarted.restart();
        restarted.publish("web", "api");
        await().atMost(CAP).untilAsserted(() -> {
            assertThat(epochOf(hosts.get(0), restarted)).isGreaterThan(before);
            assertThat(hosts.get(2).servicesOf(restarted)).containsExactly("api", "web");
        });
    }

    private static long epochOf(LoopbackHost observer, LoopbackHost member) {
        return observer.pool().members().stream()
                .filter(view -> view.id().equals(member.id()))
                .mapToLong(MemberView::epoch)
                .sum();
    }

    @Test
    void who_leaves_is_known_to_have_left_everywhere_and_never_as_failed() throws Exception {
        pool(6);
        LoopbackHost leaver = hosts.get(5);
        leaver.publish("web");
        await().atMost(CAP)
                .untilAsserted(() -> assertThat(hosts.get(0).servicesOf(leaver)).containsExactly("web"));

        leaver.rememberPort();
        leaver.pool().leave().get(30, TimeUnit.SECONDS);
        leaver.close();
        await().atMost(CAP)
                .untilAsserted(() -> assertThat(others(leaver))
                        .allSatisfy(host -> assertThat(host.livenessOf(leaver)).contains(Liveness.LEFT)));
        assertThat(others(leaver)).allSatisfy(host -> {
            assertThat(host.catalog.current().node(leaver.id())).isEmpty();
            assertThat(host.livenessSeen).doesNotContain(leaver.id() + " FAILED");
        });

        leaver.comeBack();
        leaver.publish("web");
        await().atMost(CAP)
                .untilAsserted(() -> assertThat(others(leaver)).allSatisfy(host -> {
                    assertThat(host.livenessOf(leaver)).contains(Liveness.ALIVE);
                    assertThat(host.servicesOf(leaver)).containsExactly("web");
                }));
    }

    @Test
    void an_operator_gives_up_a_dead_host_everywhere() throws Exception {
        pool(4);
        LoopbackHost victim = hosts.get(3);
        victim.publish("web");
        await().atMost(CAP)
                .untilAsserted(() -> assertThat(hosts.get(0).servicesOf(victim)).containsExactly("web"));
        assertThat(hosts.get(0).pool().forceLeave(new NodeName("host-3")).get(30, TimeUnit.SECONDS))
                .as("alive hosts cannot be forced out")
                .isFalse();

        victim.close();
        await().atMost(CAP)
                .untilAsserted(() -> assertThat(hosts.get(0).livenessOf(victim)).contains(Liveness.FAILED));
        assertThat(hosts.get(0).pool().forceLeave(new NodeName("host-3")).get(30, TimeUnit.SECONDS))
                .isTrue();
        await().atMost(CAP)
                .untilAsserted(() -> assertThat(others(victim)).allSatisfy(host -> {
                    assertThat(host.livenessOf(victim)).contains(Liveness.LEFT);
                    assertThat(host.catalog.current().node(victim.id())).isEmpty();
                }));
    }

    @Test
    void a_host_that_starts_before_the_pool_finds_it_later() throws Exception {
        LoopbackHost early = host("early").start();
        early.rememberPort();
        HostPort where = early.address();
        early.close();
        LoopbackHost late = host("late").retryJoin(List.of(where)).start();
        assertThat(late.alive()).isEqualTo(1);

        early.comeBack();
        await().atMost(CAP).untilAsserted(() -> {
            assertThat(late.alive()).isEqualTo(2);
            assertThat(early.alive()).isEqualTo(2);
        });
    }

    @Test
    void strangers_change_nothing_and_are_counted() throws Exception {
        pool(2);
        LoopbackHost stranger = new LoopbackHost(
                "stranger", directory.resolve("stranger"), Keyring.of(PoolKey.generate(new SecureRandom())));
        LoopbackHost otherPool =
                new LoopbackHost("other-pool", directory.resolve("other-pool"), keyring).label("other");
        hosts.add(stranger);
        hosts.add(otherPool);
        LoopbackHost target = hosts.get(0);
        stranger.start();
        otherPool.start();
        assertThat(stranger.pool().join(List.of(target.address())).get(30, TimeUnit.SECONDS))
                .isZero();
        assertThat(otherPool.pool().join(List.of(target.address())).get(30, TimeUnit.SECONDS))
                .isZero();
        sendRubbish(target);

        await().atMost(CAP).untilAsserted(() -> {
            assertThat(target.refused(Refusal.NOT_AUTHENTIC)).isPositive();
            assertThat(target.refused(Refusal.UNKNOWN_KEY)).isPositive();
            assertThat(target.refused(Refusal.MALFORMED)).isGreaterThanOrEqualTo(3);
            assertThat(target.refused(Refusal.TOO_LONG)).isPositive();
        });
        assertThat(target.pool().members()).hasSize(2);
        assertThat(hosts.get(1).pool().members()).hasSize(2);
    }

    private static void sendRubbish(LoopbackHost target) throws IOException {
        try (DatagramSocket socket = new DatagramSocket(0, InetAddress.getByName("127.0.0.1"))) {
            for (int length : new int[] {0, 1, 53, 54, 1_270, 1_271, 9_000}) {
                byte[] rubbish = new byte[length];
                new SecureRandom().nextBytes(rubbish);
                socket.send(new DatagramPacket(
                        rubbish,
                        length,
                        InetAddress.getByName("127.0.0.1"),
                        target.address().port()));
            }
        }
    }

    @Test
    void a_damaged_snapshot_is_kept_aside_and_the_host_starts() throws Exception {
        LoopbackHost host = host("damaged");
        Files.createDirectories(directory.resolve("damaged"));
        Files.writeString(directory.resolve("damaged/gossip-snapshot"), "CULVERT-GOSSIP-1\nrubbish");
        Files.writeString(directory.resolve("damaged/gossip-epoch"), "not a number");

        host.start();

        await().atMost(CAP).until(() -> host.alive() == 1);
        assertThat(directory.resolve("damaged/gossip-snapshot.damaged")).exists();
        assertThat(directory.resolve("damaged/gossip-epoch.damaged")).exists();
    }

    @Test
    void a_taken_port_is_named_in_the_refusal_and_nothing_stays_behind() throws Exception {
        LoopbackHost first = host("first").start();
        first.rememberPort();
        LoopbackHost second = new LoopbackHost("second", directory.resolve("second"), keyring);
        GossipPool clash = new GossipPool(
                GossipSettings.lan(
                        new GossipSettings.Listening(
                                LoopbackHost.LOOPBACK, first.address().port(), Optional.empty(), 8443),
                        directory.resolve("second")),
                new GossipPool.Secrets(keyring, second.key),
                new GossipPool.Environment(
                        io.culvert.catalog.clock.SystemClocks.MONOTONIC,
                        io.culvert.catalog.clock.SystemClocks.WALL,
                        new SecureRandom()),
                second.catalog,
                GossipListener.NONE);
        org.assertj.core.api.Assertions.assertThatThrownBy(clash::start)
                .isInstanceOf(IOException.class)
                .hasMessageContaining("127.0.0.1:" + first.address().port());
        clash.close();
        second.close();
    }

    private List<LoopbackHost> others(LoopbackHost except) {
        return hosts.stream().filter(host -> host != except).toList();
    }
}
