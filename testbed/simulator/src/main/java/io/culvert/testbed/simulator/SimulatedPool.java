package io.culvert.testbed.simulator;

import io.culvert.catalog.Liveness;
import io.culvert.catalog.NodeContent;
import io.culvert.catalog.NodeId;
import io.culvert.gossip.identity.PoolLabel;
import io.culvert.gossip.keyring.KeySchedules;
import io.culvert.gossip.keyring.Keyring;
import io.culvert.gossip.keyring.PoolKey;
import io.culvert.gossip.membership.MemberState;
import io.culvert.gossip.membership.Standing;
import io.culvert.gossip.membership.SwimRules;
import io.culvert.gossip.membership.SwimSettings;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** A pool of simulated hosts, and the questions that one asks of it. */
public final class SimulatedPool {
    private static final Duration STEP = Duration.ofMillis(500);

    private final World world;
    private final SimulatedNetwork network;
    private final Invariants invariants;
    private final SwimSettings settings;
    private final List<SimulatedNode> nodes = new ArrayList<>();

    public SimulatedPool(long seed, int members, SwimSettings settings) {
        this.settings = settings;
        world = new World(seed);
        network = new SimulatedNetwork(world);
        invariants = new Invariants(world);
        KeySchedules keys = new KeySchedules(new PoolLabel("simulated"), Keyring.of(PoolKey.of(new byte[32])));
        for (int i = 0; i < members; i++) {
            SimulatedNode node =
                    new SimulatedNode(world, network, new SimulatedNode.Setup(settings, keys), invariants, i);
            nodes.add(node);
            network.add(node);
            invariants.add(node);
        }
    }

    /** Starts everybody within {@code within}; each asks the first, and one that started before it. */
    public void startAll(Duration within) {
        var chance = world.random("start");
        for (int i = 0; i < nodes.size(); i++) {
            SimulatedNode node = nodes.get(i);
            SimulatedNode first = nodes.get(0);
            SimulatedNode earlier = nodes.get(i == 0 ? 0 : chance.nextInt(i));
            long at = i == 0 ? 0 : within.toNanos() * i / nodes.size();
            world.after(at, () -> {
                node.start(List.of(first.address(), earlier.address()));
                node.publish();
            });
        }
        run(within);
    }

    public void run(Duration duration) {
        world.run(duration);
    }

    /** How long it took until {@code reached}; fails the run after {@code atMost}. */
    Duration await(String what, Duration atMost, java.util.function.BooleanSupplier reached) {
        long began = world.now();
        while (!reached.getAsBoolean()) {
            invariants.check(
                    world.now() - began < atMost.toNanos(),
                    () -> what + " did not come within " + atMost + ": " + differences());
            run(STEP);
        }
        return Duration.ofNanos(world.now() - began);
    }

    /** Until everybody who runs sees the same members in the same standing and the same contents. */
    public Duration awaitAgreement(Duration atMost) {
        return await("agreement", atMost, this::isAgreed);
    }

    /** Until everybody who runs knows everybody else and what they publish; under loss some are always suspects. */
    public Duration awaitCompany(Duration atMost) {
        return await("company", atMost, this::isCompany);
    }

    private boolean isCompany() {
        int running = running().size();
        return running().stream()
                .allMatch(node -> node.machine().ownersWithContent() >= running
                        && node.machine().members() >= running);
    }

    boolean isAgreed() {
        Set<Long> memberRoots = new HashSet<>();
        Set<Long> contentRoots = new HashSet<>();
        Set<NodeId> running = new HashSet<>();
        for (SimulatedNode node : running()) {
            running.add(node.id());
            memberRoots.add(node.machine().memberRoot());
            contentRoots.add(node.machine().contentRoot());
        }
        return memberRoots.size() <= 1
                && contentRoots.size() <= 1
                && running().stream().allMatch(node -> seesAlive(node).equals(running));
    }

    private static Set<NodeId> seesAlive(SimulatedNode node) {
        Set<NodeId> alive = new HashSet<>();
        alive.add(node.id());
        for (MemberState member : node.machine().others()) {
            if (member.standing() == Standing.ALIVE) {
                alive.add(member.id());
            }
        }
        return alive;
    }

    // Which host disagrees with most, for whoever has to look into a failed run.
    private String differences() {
        Map<String, List<String>> byView = new HashMap<>();
        for (SimulatedNode node : running()) {
            String seen = seesAlive(node).size() + " alive of "
                    + (node.machine().others().size() + 1) + ", members "
                    + Long.toHexString(node.machine().memberRoot()) + ", contents "
                    + Long.toHexString(node.machine().contentRoot()) + " of "
                    + node.machine().ownersWithContent();
            byView.computeIfAbsent(seen, unused -> new ArrayList<>()).add(node.name());
        }
        return running().size() + " run; " + byView;
    }

    List<SimulatedNode> nodes() {
        return nodes;
    }

    List<SimulatedNode> running() {
        return nodes.stream().filter(SimulatedNode::isRunning).toList();
    }

    World world() {
        return world;
    }

    SimulatedNetwork network() {
        return network;
    }

    Invariants invariants() {
        return invariants;
    }

    /** Whether all who run, but {@code victim}, hold it for dead or gone. */
    boolean isGivenUp(SimulatedNode victim) {
        return running().stream()
                .filter(node -> node != victim)
                .allMatch(node -> node.machine()
                        .find(victim.id())
                        .map(member -> !member.standing().liveness().isRoutable())
                        .orElse(true));
    }

    boolean isSeenLeft(SimulatedNode leaver) {
        return running().stream()
                .filter(node -> node != leaver)
                .allMatch(node -> node.livenessOf(leaver.id())
                        .map(liveness -> liveness == Liveness.LEFT)
                        .orElse(true));
    }

    /** How many of those who run know {@code content}. */
    long knowing(NodeContent content) {
        NodeId owner = content.node().id();
        return running().stream()
                .filter(node -> node.id().equals(owner)
                        || node.contentOf(owner).map(content::equals).orElse(false))
                .count();
    }

    /** Every crash is known everywhere within this: two of the longest suspicions, and some time to spread. */
    Duration detectionBound() {
        return Duration.ofNanos(2 * SwimRules.longestSuspicionNanos(settings, nodes.size()))
                .plusSeconds(10);
    }

    /** After faults end everybody agrees within this: three rounds of comparisons for each doubling of the pool. */
    Duration agreementBound() {
        int doublings = 32 - Integer.numberOfLeadingZeros(nodes.size() - 1);
        return settings.spread().antiEntropyInterval().multipliedBy(3L * doublings);
    }

    /** The same for the same seed. */
    public long hash() {
        return world.hash();
    }

    public long events() {
        return world.happened();
    }

    public long datagrams() {
        return network.datagrams();
    }

    public long bytes() {
        return network.bytes();
    }

    public long failuresSeen() {
        return invariants.failures();
    }

    public Duration time() {
        return Duration.ofNanos(world.now());
    }
}
