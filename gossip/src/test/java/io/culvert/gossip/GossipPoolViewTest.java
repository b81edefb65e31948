package io.culvert.gossip;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.culvert.catalog.Liveness;
import io.culvert.gossip.core.GossipLoad;
import io.culvert.gossip.keyring.Keyring;
import io.culvert.gossip.keyring.PoolKey;
import io.culvert.gossip.wire.FrameType;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a pool says of its members, with real sockets and keys. */
class GossipPoolViewTest {
    private static final Duration CAP = Duration.ofSeconds(60);
    private static final int HOSTS = 4;

    private final Keyring keyring = Keyring.of(PoolKey.generate(new SecureRandom()));
    private final List<LoopbackHost> hosts = new ArrayList<>();

    @TempDir
    private Path directory = Path.of("");

    @BeforeEach
    void a_pool() throws Exception {
        for (int i = 0; i < HOSTS; i++) {
            LoopbackHost host = new LoopbackHost("host-" + i, directory.resolve("host-" + i), keyring).start();
            hosts.add(host);
            if (i > 0) {
                assertThat(host.pool().join(List.of(hosts.get(0).address())).get(30, TimeUnit.SECONDS))
                        .isEqualTo(1);
            }
        }
        await().atMost(CAP)
                .untilAsserted(() -> assertThat(hosts)
                        .allSatisfy(host -> assertThat(host.alive()).isEqualTo(HOSTS)));
    }

    @AfterEach
    void nothing_failed_and_all_end() {
        hosts.forEach(LoopbackHost::close);
        assertThat(hosts).allSatisfy(host -> assertThat(host.failures).isEmpty());
    }

    @Test
    void everybody_knows_how_far_anybody_is_from_anybody() {
        await().atMost(CAP)
                .untilAsserted(() -> assertThat(hosts).allSatisfy(host -> {
                    assertThat(host.pool().coordinates()).hasSize(HOSTS);
                    for (LoopbackHost from : hosts) {
                        for (LoopbackHost to : hosts) {
                            assertThat(host.pool().distance(from.id(), to.id()))
                                    .get()
                                    .satisfies(distance ->
                                            assertThat(distance).isPositive().isLessThan(Duration.ofSeconds(1)));
                        }
                    }
                }));
        assertThat(hosts.get(0).pool().distance(hosts.get(0).id(), new io.culvert.catalog.NodeId(1, 2)))
                .isEmpty();
    }

    @Test
    void a_view_says_what_this_host_itself_has_seen() {
        LoopbackHost here = hosts.get(0);
        await().atMost(CAP)
                .untilAsserted(() -> assertThat(here.pool().members())
                        .filteredOn(member -> !member.self())
                        .hasSize(HOSTS - 1)
                        .allSatisfy(member -> {
                            assertThat(member.reason()).isEqualTo("joined");
                            assertThat(member.sinceHeard())
                                    .get()
                                    .satisfies(since -> assertThat(since).isLessThan(Duration.ofSeconds(30)));
                            assertThat(member.roundTrip()).isPresent();
                            assertThat(member.datagramsLost()).isFalse();
                        }));
        assertThat(here.pool().members().get(0)).satisfies(self -> {
            assertThat(self.self()).isTrue();
            assertThat(self.reason()).isEqualTo("this host");
            assertThat(self.sinceChange()).isPositive();
        });
    }

    @Test
    void layers_with_a_membership_of_their_own_see_a_restart_as_a_change_and_a_goodbye_as_an_end() throws Exception {
        LoopbackHost here = hosts.get(0);
        LoopbackHost other = hosts.get(1);
        List<String> told = new java.util.concurrent.CopyOnWriteArrayList<>();
        assertThat(here.pool().poolMembers().current()).hasSize(HOSTS);
        here.pool().poolMembers().add(new PoolMembersListener() {
            @Override
            public void added(PoolMember member) {
                told.add("added " + member.id());
            }

            @Override
            public void changed(PoolMember before, PoolMember after) {
                told.add("changed " + after.id());
            }

            @Override
            public void removed(PoolMember member) {
                told.add("removed " + member.id());
            }
        });
        other.restart();
        await().atMost(CAP).until(() -> told.contains("changed " + other.id()));
        other.pool().leave().get(30, TimeUnit.SECONDS);
        await().atMost(CAP).until(() -> told.contains("removed " + other.id()));
        assertThat(told).containsExactly("changed " + other.id(), "removed " + other.id());
        assertThat(other.pool().poolMembers().find(other.id())).isEmpty();
        assertThat(here.livenessOf(other)).contains(Liveness.LEFT);
    }

    @Test
    void every_second_it_says_how_much_there_is_to_do() {
        LoopbackHost here = hosts.get(0);
        for (FrameType type : List.of(FrameType.PING, FrameType.ACK, FrameType.ALIVE)) {
            await().atMost(CAP)
                    .untilAsserted(() -> assertThat(
                                    here.load().map(load -> load.bytes().get(type)))
                            .as("bytes of %s", type)
                            .get()
                            .satisfies(bytes -> {
                                assertThat(bytes.sent()).isPositive();
                                assertThat(bytes.received()).isPositive();
                            }));
        }
        assertThat(here.load().map(GossipLoad::timers))
                .get()
                .satisfies(timers -> assertThat(timers).isPositive());
        assertThat(here.pool().tuningWarnings()).isEmpty();
    }
}
