package io.culvert.agent.bridge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.culvert.agent.http.Membership.ForceLeave;
import io.culvert.agent.pool.PoolWatch;
import io.culvert.catalog.Catalog;
import io.culvert.catalog.IpAddress;
import io.culvert.catalog.Liveness;
import io.culvert.catalog.NodeContent;
import io.culvert.catalog.NodeName;
import io.culvert.catalog.NodeRecord;
import io.culvert.catalog.clock.SystemClocks;
import io.culvert.gossip.GossipListener;
import io.culvert.gossip.GossipPool;
import io.culvert.gossip.GossipSettings;
import io.culvert.gossip.HostPort;
import io.culvert.gossip.identity.NodeKey;
import io.culvert.gossip.keyring.Keyring;
import io.culvert.gossip.keyring.PoolKey;
import io.culvert.gossip.membership.SwimSettings;
import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Giving members up, in a real pool of two. */
class PoolMembershipTest {
    private static final Duration CAP = Duration.ofSeconds(60);
    private static final IpAddress HERE = IpAddress.parse("127.0.0.1");
    private static final SwimSettings HASTY = new SwimSettings(
            new SwimSettings.Probe(Duration.ofMillis(400), Duration.ofMillis(200), 3, 7),
            new SwimSettings.Suspicion(2, 2),
            new SwimSettings.Spread(
                    Duration.ofMillis(50),
                    3,
                    4,
                    Duration.ofSeconds(1),
                    Duration.ofSeconds(10),
                    new SwimSettings.Budget(1_000_000, 1_000_000)),
            new SwimSettings.Keeping(Duration.ofHours(72), Duration.ofHours(36)));

    private final SecureRandom random = new SecureRandom();
    private final Keyring keyring = Keyring.of(PoolKey.generate(random));
    private final NodeKey otherKey = NodeKey.generate(random);
    private final Catalog catalog = new Catalog();

    @TempDir
    private Path directory = Path.of("");

    private Optional<GossipPool> mine = Optional.empty();
    private Optional<GossipPool> other = Optional.empty();

    @AfterEach
    void close() {
        mine.ifPresent(GossipPool::close);
        other.ifPresent(GossipPool::close);
    }

    private GossipPool pool(String name, NodeKey key, Catalog into) throws IOException {
        GossipPool pool = new GossipPool(
                GossipSettings.lan(
                                new GossipSettings.Listening(HERE, 0, Optional.empty(), 8443), directory.resolve(name))
                        .withTiming(HASTY),
                new GossipPool.Secrets(keyring, key),
                new GossipPool.Environment(SystemClocks.MONOTONIC, SystemClocks.WALL, random),
                into,
                GossipListener.NONE);
        pool.start();
        NodeRecord record = new NodeRecord(key.id(), new NodeName(name), HERE, "dc1", Map.of(), 8443, false, "1.0");
        pool.publish(new NodeContent(record, List.of(), List.of()));
        return pool;
    }

    private GossipPool startOther(GossipPool first) throws Exception {
        GossipPool started = pool("other", otherKey, new Catalog());
        other = Optional.of(started);
        HostPort seed = first.address().orElseThrow();
        await().atMost(CAP).until(() -> started.join(List.of(seed)).get() == 1);
        return started;
    }

    private static Optional<Liveness> liveness(PoolMembership membership) {
        return membership.members().stream()
                .filter(member -> member.name().map(NodeName::text).orElse("").equals("other"))
                .map(member -> member.liveness())
                .findFirst();
    }

    @Test
    void only_a_failed_member_is_given_up_and_pruned_it_is_listed_again_when_it_comes_back() throws Exception {
        GossipPool first = pool("mine", NodeKey.generate(random), catalog);
        mine = Optional.of(first);
        PoolMembership membership = new PoolMembership(first, catalog, new PoolWatch(SystemClocks.MONOTONIC));
        GossipPool second = startOther(first);
        await().atMost(CAP).until(() -> liveness(membership).equals(Optional.of(Liveness.ALIVE)));

        assertThat(membership.forceLeave("other", true)).isEqualTo(ForceLeave.PRESENT);
        assertThat(membership.forceLeave("mine", false)).as("itself").isEqualTo(ForceLeave.PRESENT);
        assertThat(membership.forceLeave("nobody", false)).isEqualTo(ForceLeave.UNKNOWN);
        assertThat(liveness(membership)).as("refused, so nothing changed").contains(Liveness.ALIVE);

        second.close();
        await().atMost(CAP).until(() -> liveness(membership).equals(Optional.of(Liveness.FAILED)));
        assertThat(membership.forceLeave("OTHER", false)).isEqualTo(ForceLeave.DONE);
        await().atMost(CAP).until(() -> liveness(membership).equals(Optional.of(Liveness.LEFT)));
        assertThat(membership.forceLeave(otherKey.id().toString(), true)).isEqualTo(ForceLeave.LEFT_BEFORE);
        assertThat(liveness(membership)).as("pruned").isEmpty();
        assertThat(membership.pool().members()).hasSize(1);

        startOther(first);
        await().atMost(CAP).until(() -> liveness(membership).equals(Optional.of(Liveness.ALIVE)));
    }
}
