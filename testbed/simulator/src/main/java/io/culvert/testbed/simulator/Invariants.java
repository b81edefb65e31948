package io.culvert.testbed.simulator;

import io.culvert.catalog.Liveness;
import io.culvert.catalog.NodeContent;
import io.culvert.catalog.NodeId;
import io.culvert.gossip.membership.MemberChange;
import io.culvert.gossip.wire.Incarnation;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What must hold at every moment of every run (gossip reference, section 4.3); checked at each change that any host sees.
 * A violation ends the run with the seed and the time.
 */
final class Invariants {
    private final World world;
    private final Map<NodeId, SimulatedNode> nodes = new HashMap<>();
    private final Map<NodeId, Incarnation> own = new HashMap<>();
    private final Map<Sight, Seen> seen = new HashMap<>();
    private final Map<Sight, Long> shown = new HashMap<>();
    private final Map<NodeId, Set<NodeContent>> published = new HashMap<>();
    private final Map<NodeId, Long> leavingSince = new HashMap<>();
    private long calmSince;
    private boolean calm = true;
    private long failures;

    Invariants(World world) {
        this.world = world;
    }

    /** What one life of one host has seen of one member. */
    private record Sight(NodeId observer, long life, NodeId member) {}

    private record Seen(Incarnation incarnation, Liveness liveness) {}

    void add(SimulatedNode node) {
        nodes.put(node.id(), node);
    }

    /** Links are cut or hosts paused from now on: others may be mistaken. */
    void disturbed() {
        calm = false;
    }

    /** From now on nobody has an excuse, after what was under way has settled. */
    void calm() {
        if (!calm) {
            calm = true;
            calmSince = world.now();
        }
    }

    /** How often any host took another for dead. */
    long failures() {
        return failures;
    }

    void started(SimulatedNode node) {
        Incarnation now = node.machine().ownWord().incarnation();
        Incarnation before = own.put(node.id(), now);
        check(before == null || now.isNewerThan(before), () -> node + " starts as " + now + " after " + before);
        leavingSince.remove(node.id());
    }

    void stopped(SimulatedNode node) {
        Incarnation now = node.machine().ownWord().incarnation();
        Incarnation before = own.put(node.id(), now);
        check(before == null || now.compareTo(before) >= 0, () -> node + " ends as " + now + " after " + before);
    }

    void leaving(SimulatedNode node) {
        leavingSince.put(node.id(), world.now());
    }

    void published(NodeContent content) {
        published
                .computeIfAbsent(content.node().id(), unused -> new HashSet<>())
                .add(content);
    }

    void changed(SimulatedNode observer, MemberChange change) {
        check(!change.member().equals(observer.id()), () -> observer + " reports itself " + change.after());
        Sight sight = new Sight(observer.id(), observer.life(), change.member());
        Seen before = seen.put(sight, new Seen(change.incarnation(), change.after()));
        check(isForward(before, change, observer), () -> observer + " goes back from " + before + " to " + change);
        if (change.after() == Liveness.FAILED) {
            failures++;
            failed(observer, change);
        }
    }

    private static boolean isForward(@Nullable Seen before, MemberChange change, SimulatedNode observer) {
        if (before == null || change.incarnation().isNewerThan(before.incarnation)) {
            return true;
        }
        // A freeze shows the dead as suspects again, and nothing else does.
        boolean thawedBack = before.liveness == Liveness.FAILED
                && change.after() == Liveness.SUSPECT
                && observer.machine().isFrozen();
        return change.incarnation().equals(before.incarnation)
                && (change.after().compareTo(before.liveness) > 0 || thawedBack);
    }

    private void failed(SimulatedNode observer, MemberChange change) {
        SimulatedNode member = node(change.member());
        if (!hasBeenCalm(Duration.ofMinutes(3))) {
            return;
        }
        boolean sameLife = member.isRunning()
                && member.machine().ownWord().incarnation().epoch()
                        == change.incarnation().epoch();
        check(!sameLife, () -> observer + " takes " + member + " for dead, which lives: " + change.reason());
        Long goodbye = leavingSince.get(change.member());
        check(
                goodbye == null || goodbye < calmSince,
                () -> observer + " takes " + member + " for failed, which has left: " + change.reason());
    }

    void contentShown(SimulatedNode observer, NodeContent content) {
        NodeId owner = content.node().id();
        check(
                published.getOrDefault(owner, Set.of()).contains(content),
                () -> observer + " shows what " + node(owner) + " never published: " + content);
        long version = Long.parseLong(content.node().meta().getOrDefault("change", "0"));
        Long before = shown.put(new Sight(observer.id(), observer.life(), owner), version);
        check(
                before == null || before <= version,
                () -> observer + " goes back from change " + before + " to " + version + " of " + node(owner));
    }

    /** For checks by the pool: nobody has been disturbed for so long. */
    boolean hasBeenCalm(Duration howLong) {
        return calm && world.now() - calmSince >= howLong.toNanos();
    }

    void check(boolean holds, java.util.function.Supplier<String> violation) {
        if (!holds) {
            throw new AssertionError(
                    "seed " + world.seed() + " at " + Duration.ofNanos(world.now()) + ": " + violation.get());
        }
    }

    private SimulatedNode node(NodeId id) {
        return Optional.ofNullable(nodes.get(id)).orElseThrow();
    }
}
