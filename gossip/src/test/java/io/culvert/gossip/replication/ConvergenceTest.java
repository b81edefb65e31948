package io.culvert.gossip.replication;

import static org.assertj.core.api.Assertions.assertThat;

import io.culvert.catalog.CheckStatus;
import io.culvert.catalog.NodeContent;
import io.culvert.catalog.NodeId;
import io.culvert.testbed.kit.Property;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Several machines, a bad network, and the invariants of the design on all of their states. */
class ConvergenceTest {
    @Test
    void two_and_three_machines_agree_in_the_end_whatever_the_network_loses_repeats_and_reorders() {
        Property.forSeeds(60, random -> {
            World world = new World(random);
            for (int i = 2 + random.nextInt(2); i > 0; i--) {
                world.add();
            }
            world.introduceAll();
            world.loss = random.nextDouble(0.6);
            world.duplication = random.nextDouble(0.5);
            for (World.Host host : world.hosts) {
                host.publish(Contents.of(host.id(), random.nextInt(5), CheckStatus.PASSING));
            }
            for (int i = random.nextInt(40); i > 0; i--) {
                World.Host host = world.hosts.get(random.nextInt(world.hosts.size()));
                host.publish(Contents.mutated(host.published, random));
                world.run(Duration.ofMillis(random.nextInt(800)));
                assertOnlyRealStates(world);
            }

            world.run(Duration.ofMinutes(2));

            assertOnlyRealStates(world);
            assertSame(world);
        });
    }

    @Test
    void rumours_alone_are_enough_when_nothing_is_lost() {
        Property.forSeeds(40, random -> {
            World world = new World(random);
            world.comparing = false;
            for (int i = 0; i < 3; i++) {
                world.add();
            }
            world.introduceAll();
            world.hosts.forEach(host -> host.publish(Contents.of(host.id(), 3, CheckStatus.PASSING)));
            world.run(Duration.ofSeconds(10));
            World.Host first = world.hosts.get(0);
            for (int i = 0; i < 8; i++) {
                first.publish(Contents.mutated(first.published, random));
                world.run(Duration.ofMillis(random.nextInt(400)));
            }

            world.run(Duration.ofSeconds(15));

            assertSame(world);
        });
    }

    @Test
    void a_newcomer_and_one_who_was_away_learn_everything_by_comparison() {
        Property.forSeeds(20, random -> {
            World world = new World(random);
            for (int i = 0; i < 3; i++) {
                world.add();
            }
            world.introduceAll();
            world.hosts.forEach(host -> host.publish(Contents.of(host.id(), 4, CheckStatus.PASSING)));
            world.hosts.get(2).down = true;
            world.run(Duration.ofMinutes(5));
            World.Host first = world.hosts.get(0);
            first.publish(Contents.mutated(first.published, random));
            world.run(Duration.ofMinutes(5));

            world.hosts.get(2).down = false;
            World.Host newcomer = world.add();
            world.introduceAll();
            newcomer.publish(Contents.of(newcomer.id(), 1, CheckStatus.WARNING));
            world.run(Duration.ofMinutes(2));

            assertSame(world);
        });
    }

    @Test
    void the_same_seed_is_the_same_course_of_events() {
        assertThat(course(4_711)).isEqualTo(course(4_711)).isNotEqualTo(course(4_712));
    }

    private static String course(long seed) {
        World world = new World(new java.util.SplittableRandom(seed));
        world.loss = 0.3;
        for (int i = 0; i < 3; i++) {
            world.add();
        }
        world.introduceAll();
        world.hosts.forEach(host -> host.publish(Contents.of(host.id(), 4, CheckStatus.PASSING)));
        world.run(Duration.ofMinutes(1));
        StringBuilder course = new StringBuilder();
        for (World.Host host : world.hosts) {
            course.append(host.sent.size())
                    .append(' ')
                    .append(host.notices)
                    .append(' ')
                    .append(host.verifications);
        }
        return course.toString();
    }

    private static void assertOnlyRealStates(World world) {
        List<NodeContent> told = new ArrayList<>();
        world.hosts.forEach(owner -> told.addAll(owner.told));
        for (World.Host host : world.hosts) {
            for (NodeContent held : host.catalog.values()) {
                assertThat(told).anySatisfy(real -> assertSameContent(held, real));
            }
        }
    }

    private static void assertSame(World world) {
        for (World.Host host : world.hosts) {
            for (World.Host owner : world.hosts) {
                NodeId id = owner.id();
                assertThat(host.catalog).containsKey(id);
                assertSameContent(java.util.Objects.requireNonNull(host.catalog.get(id)), owner.published);
            }
            assertThat(host.replication.root())
                    .isEqualTo(world.hosts.get(0).replication.root());
            assertThat(host.replication.verificationRoom())
                    .as("verifications left behind")
                    .isEqualTo(ReplicationSettings.DEFAULT.bounds().verifications());
        }
    }

    private static void assertSameContent(NodeContent one, NodeContent other) {
        assertThat(one.node()).isEqualTo(other.node());
        assertThat(new HashSet<>(one.services())).isEqualTo(new HashSet<>(other.services()));
        assertThat(new HashSet<>(one.checks())).isEqualTo(new HashSet<>(other.checks()));
    }
}
