package io.culvert.gossip.replication;

import static org.assertj.core.api.Assertions.assertThat;

import io.culvert.catalog.CheckStatus;
import io.culvert.catalog.NodeId;
import io.culvert.gossip.wire.TreeNode;
import io.culvert.gossip.wire.TreeSums;
import io.culvert.testbed.kit.Property;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class OwnerTreeTest {
    private static final TreeKey KEY = new TreeKey(1, new byte[16]);

    @Test
    void the_root_depends_on_what_is_held_and_not_on_how_it_came() {
        Property.forSeeds(100, random -> {
            OwnerTree one = new OwnerTree(KEY);
            Map<NodeId, OwnerTree.Entry> held = new HashMap<>();
            for (int i = random.nextInt(300); i > 0; i--) {
                NodeId owner = new NodeId(0, random.nextInt(60));
                if (random.nextInt(4) == 0) {
                    one.remove(owner);
                    held.remove(owner);
                } else {
                    OwnerTree.Entry entry = new OwnerTree.Entry(owner, random.nextInt(3), random.nextInt(100));
                    one.put(entry);
                    held.put(owner, entry);
                }
            }
            OwnerTree other = new OwnerTree(KEY);
            held.values().forEach(other::put);

            assertThat(one.root()).isEqualTo(other.root());
            assertThat(one.size()).isEqualTo(held.size());
            assertThat(new HashSet<>(one.entries(TreeNode.ROOT))).isEqualTo(new HashSet<>(held.values()));
        });
    }

    @Test
    void every_node_is_the_sum_of_its_children_and_of_the_owners_below() {
        OwnerTree tree = filled(500, new SplittableRandom(1));
        List<TreeNode> nodes = new ArrayList<>(List.of(TreeNode.ROOT));
        for (int level = 0; level < 4; level++) {
            List<TreeNode> below = new ArrayList<>();
            for (TreeNode node : nodes) {
                long sum = 0;
                int owners = 0;
                for (int i = 0; i < 16; i++) {
                    TreeNode child = node.child(i);
                    sum += tree.sum(child);
                    owners += tree.entries(child).size();
                    if (!tree.entries(child).isEmpty()) {
                        below.add(child);
                    }
                }
                assertThat(tree.sum(node)).isEqualTo(sum);
                assertThat(tree.entries(node)).hasSize(owners);
                assertThat(tree.holdsAtMost(owners, node)).isTrue();
                assertThat(owners == 0 || !tree.holdsAtMost(owners - 1, node)).isTrue();
            }
            nodes = below;
        }
    }

    @Test
    void an_empty_tree_sums_to_nothing_again_after_all_is_removed() {
        OwnerTree tree = filled(300, new SplittableRandom(2));
        assertThat(tree.root()).isNotZero();

        new ArrayList<>(tree.entries(TreeNode.ROOT)).forEach(entry -> tree.remove(entry.owner()));

        assertThat(tree.root()).isZero();
        assertThat(tree.childSums(TreeNode.ROOT)).containsOnly(0);
        assertThat(tree.childSums(new TreeNode(1, 7))).containsOnly(0);
    }

    @Test
    void another_key_puts_the_same_owners_elsewhere() {
        OwnerTree other = new OwnerTree(new TreeKey(2, new byte[] {1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0}));
        OwnerTree tree = filled(10, new SplittableRandom(3));
        tree.entries(TreeNode.ROOT).forEach(other::put);

        assertThat(other.root()).isNotEqualTo(tree.root());
    }

    @Test
    void what_is_equal_costs_next_to_nothing_and_what_differs_little() {
        SplittableRandom random = new SplittableRandom(5);
        World world = new World(random);
        world.comparing = false;
        World.Host asker = world.add();
        World.Host peer = world.add();
        for (int i = 0; i < 1_500; i++) {
            FakeKey key = FakeKey.random(random);
            for (World.Host host : List.of(asker, peer)) {
                Worlds.give(world, host, Worlds.repair(key, 1, Contents.of(key.id(), 1, CheckStatus.PASSING)));
            }
            if (i >= 1_490) {
                Worlds.give(world, peer, Worlds.repair(key, 2, Contents.of(key.id(), 2, CheckStatus.PASSING)));
            }
        }

        Comparisons.Cost differing = Comparisons.run(asker, peer, world.moment());
        world.run(Duration.ofSeconds(1));
        Comparisons.Cost equal = Comparisons.run(asker, peer, world.moment());

        assertThat(asker.replication.root()).isEqualTo(peer.replication.root());
        // Ten owners in three levels: some 31 nodes of 140 B and ten repairs; all states would be 42,000 bytes.
        assertThat(differing.bytes()).isBetween(2_000, 14_000);
        assertThat(differing.rounds()).isLessThanOrEqualTo(6);
        assertThat(equal).isEqualTo(new Comparisons.Cost(1, 24));
    }

    @Test
    void an_empty_host_learns_a_large_pool_in_few_rounds() {
        SplittableRandom random = new SplittableRandom(6);
        World world = new World(random);
        world.comparing = false;
        World.Host asker = world.add();
        World.Host peer = world.add();
        for (int i = 0; i < 1_000; i++) {
            FakeKey key = FakeKey.random(random);
            Worlds.give(world, peer, Worlds.repair(key, 1, Contents.of(key.id(), 1, CheckStatus.PASSING)));
        }

        Comparisons.Cost cost = Comparisons.run(asker, peer, world.moment());
        world.run(Duration.ofSeconds(1));

        assertThat(asker.replication.root()).isEqualTo(peer.replication.root());
        // One round for the digest, then 64 owners in each.
        assertThat(cost.rounds()).isEqualTo(17);
    }

    @Test
    void hosts_under_different_keys_find_what_differs_all_the_same() {
        SplittableRandom random = new SplittableRandom(7);
        World world = new World(random);
        world.comparing = false;
        World.Host asker = world.add();
        World.Host peer = world.add();
        for (int i = 0; i < 400; i++) {
            FakeKey key = FakeKey.random(random);
            Worlds.give(world, peer, Worlds.repair(key, 1, Contents.of(key.id(), 1, CheckStatus.PASSING)));
            if (i % 2 == 0) {
                Worlds.give(world, asker, Worlds.repair(key, 1, Contents.of(key.id(), 1, CheckStatus.PASSING)));
            }
        }
        peer.replication.useTreeKey(new TreeKey(2, new byte[16]));

        assertThat(Comparisons.run(asker, peer, world.moment()).rounds()).isEqualTo(5);
        world.run(Duration.ofSeconds(1));

        assertThat(asker.replication.ownersWithContent()).isEqualTo(400);
        asker.replication.useTreeKey(new TreeKey(2, new byte[16]));
        assertThat(asker.replication.root()).isEqualTo(peer.replication.root());
    }

    @Test
    void a_peer_that_answers_what_nobody_asked_keeps_the_asker_neither_busy_nor_growing() {
        Property.forSeeds(50, random -> {
            World world = new World(random);
            world.comparing = false;
            World.Host asker = world.add();
            AntiEntropyClient client = new AntiEntropyClient(asker.replication, new NodeId(9, 9));
            int rounds = 0;
            while (!client.next().isEmpty()) {
                rounds++;
                for (int i = 0; i < 50; i++) {
                    int level = random.nextInt(16);
                    long prefix = level == 0 ? 0 : random.nextLong() >>> 64 - 4 * level;
                    long[] sums = random.longs(16).toArray();
                    if (level < 15) {
                        client.onFrame(new TreeSums(new TreeNode(level, prefix), sums), world.moment());
                    }
                }
            }
            assertThat(rounds).isLessThan(40);
            assertThat(client.isFinished()).isTrue();
        });
    }

    private static OwnerTree filled(int owners, SplittableRandom random) {
        OwnerTree tree = new OwnerTree(KEY);
        for (int i = 0; i < owners; i++) {
            tree.put(new OwnerTree.Entry(new NodeId(random.nextLong(), i), 1, 1 + random.nextInt(100)));
        }
        return tree;
    }
}
