package io.culvert.testbed.simulator;

import io.culvert.catalog.Liveness;
import io.culvert.catalog.NodeContent;
import io.culvert.catalog.NodeId;
import io.culvert.gossip.keyring.KeySchedules;
import io.culvert.gossip.membership.SwimRules;
import io.culvert.gossip.membership.SwimSettings;
import io.culvert.testbed.simulator.invariant.Invariants;
import io.culvert.testbed.simulator.invariant.Watch;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A pool of simulated hosts, and the questions that one asks of it. */
public final class SimulatedPool {
    private static final Duration STEP = Duration.ofMillis(500);

    private static final long SHOWN_EVERY_NANOS = 50_000_000L;

    private static final Duration SAMPLE = Duration.ofSeconds(1);

    private final World world;
    private final SimulatedNetwork network;
    private final Invariants invariants;
    private final SwimSettings settings;
    private final PoolKeys keys = new PoolKeys();
    private final List<SimulatedNode> nodes = new ArrayList<>();
    private Sightings watcher = Sightings.NONE;
    private @Nullable Progress progress;
    private long nextSample = SAMPLE.toNanos();

    public SimulatedPool(long seed, int members, SwimSettings settings) {
        this(seed, members, settings, true);
    }

    /** @param checked whether every invariant is checked, which takes time and memory; not where one only measures */
    SimulatedPool(long seed, int members, SwimSettings settings, boolean checked) {
        this.settings = settings;
        world = new World(seed);
        network = new SimulatedNetwork(world);
        Watch watch = new Watch(world::now, settings);
        invariants = checked ? new Invariants(watch) : Invariants.none(watch);
        KeySchedules first = keys.current();
        Roster roster = new Roster();
        SimulatedNode.Setup setup = new SimulatedNode.Setup(settings, first, new SharedWords(), roster, this);
        for (int i = 0; i < members; i++) {
            SimulatedNode node = new SimulatedNode(world, network, setup, invariants, i);
            nodes.add(node);
            roster.numberOf(node.id());
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

    /** Lets {@code duration} pass; looks once a second whether all is as it must be. */
    public void run(Duration duration) {
        long end = world.now() + duration.toNanos();
        while (world.now() < end) {
            long next = Math.min(Math.min(end, nextSample), world.now() + SHOWN_EVERY_NANOS);
            world.run(Duration.ofNanos(next - world.now()));
            if (progress != null) {
                progress.at(world);
            }
            if (world.now() >= nextSample) {
                nextSample += SAMPLE.toNanos();
                invariants.sampled();
            }
        }
    }

    /** Tells a person how far the run is. */
    void show(Progress shown) {
        progress = shown;
    }

    void watch(Sightings changed) {
        watcher = changed;
    }

    Sightings watcher() {
        return watcher;
    }

    /** How long it took until {@code reached}; fails the run after {@code atMost}. */
    Duration await(String what, Duration atMost, java.util.function.BooleanSupplier reached) {
        return await(what, atMost, STEP, reached);
    }

    Duration await(String what, Duration atMost, Duration step, java.util.function.BooleanSupplier reached) {
        long began = world.now();
        while (!reached.getAsBoolean()) {
            if (world.now() - began >= atMost.toNanos()) {
                throw new AssertionError("seed " + world.seed() + ": " + what + " did not come within " + atMost);
            }
            run(step);
        }
        return Duration.ofNanos(world.now() - began);
    }

    /** Until everybody who runs sees the same members in the same standing and the same contents. */
    public Duration awaitAgreement(Duration atMost) {
        long began = world.now();
        while (!isAgreed() && world.now() - began < atMost.toNanos()) {
            run(STEP);
        }
        invariants.settle();
        return Duration.ofNanos(world.now() - began);
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
        return invariants.isAgreed();
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

    PoolKeys keys() {
        return keys;
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
