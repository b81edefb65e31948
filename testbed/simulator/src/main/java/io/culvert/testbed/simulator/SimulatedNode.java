package io.culvert.testbed.simulator;

import io.culvert.catalog.CheckState;
import io.culvert.catalog.CheckStatus;
import io.culvert.catalog.IpAddress;
import io.culvert.catalog.Liveness;
import io.culvert.catalog.NodeContent;
import io.culvert.catalog.NodeId;
import io.culvert.catalog.NodeName;
import io.culvert.catalog.NodeRecord;
import io.culvert.catalog.ServiceInstance;
import io.culvert.gossip.core.Effect;
import io.culvert.gossip.core.GossipMachine;
import io.culvert.gossip.core.SignatureCheck;
import io.culvert.gossip.keyring.KeySchedules;
import io.culvert.gossip.membership.Membership;
import io.culvert.gossip.membership.MembershipPort;
import io.culvert.gossip.membership.SwimSettings;
import io.culvert.gossip.replication.ReplicationNotice;
import io.culvert.gossip.wire.Frame;
import io.culvert.gossip.wire.PeerAddress;
import io.culvert.gossip.wire.Refusal;
import io.culvert.testbed.simulator.fault.Stage.DiskFate;
import io.culvert.testbed.simulator.invariant.Host;
import io.culvert.testbed.simulator.invariant.Intruded;
import io.culvert.testbed.simulator.invariant.Invariants;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/**
 * One host: a machine when it runs, a disk that outlives it, and the faults that befall it.
 *
 * <p>Long because it is the shell of the machine: each effect is performed, each event handed in, and each fault held up
 * between them in one place.
 */
final class SimulatedNode implements Host {
    // About what a 2 MiB socket buffer holds; a paused host loses the rest.
    private static final int MOST_WAITING = 2_000;
    private static final long VERIFY_NANOS = 700_000;
    private static final Duration JOIN_AGAIN = Duration.ofSeconds(5);
    private static final Duration SNAPSHOT_INTERVAL = Duration.ofSeconds(5);

    private final World world;
    private final SimulatedNetwork network;
    private final Setup setup;
    private final Invariants invariants;
    private final int number;
    private final String name;
    private final NodeClock clock;
    private final Processor processor;
    private PeerAddress address;
    private final PlainSigner signer;
    private final Deque<Runnable> waiting = new ArrayDeque<>();
    private final Beliefs beliefs;
    private State state = State.DOWN;
    private @Nullable GossipMachine machine;
    private @Nullable PlainGuard guard;
    private KeySchedules keys;
    private @Nullable NodeContent published;
    private long life;
    private long timerAt = Long.MAX_VALUE;
    private long timerSet;
    private long epochOnDisk;
    private List<Frame> snapshotOnDisk = List.of();
    private int changes;
    private boolean saidGoodbye;
    private boolean remembersEpoch = true;
    private @Nullable DiskFate dueToEnd;

    enum State {
        DOWN,
        RUNNING,
        PAUSED
    }

    /** What all hosts of a pool share. */
    record Setup(SwimSettings settings, KeySchedules keys, SharedWords words, Roster roster, SimulatedPool pool) {}

    SimulatedNode(World world, SimulatedNetwork network, Setup setup, Invariants invariants, int number) {
        this.world = world;
        this.network = network;
        this.setup = setup;
        this.invariants = invariants;
        this.number = number;
        this.name = "node-" + number;
        this.clock = new NodeClock(world);
        this.processor = new Processor(world);
        this.address = new PeerAddress(IpAddress.ofIpv4(0x0a000001 + number), 8301);
        this.beliefs = new Beliefs(setup.roster());
        this.signer = new PlainSigner(name + " of " + world.seed());
        this.keys = setup.keys();
    }

    /** A copy of {@code original}'s disk on another host: the same key, epoch and snapshot. */
    SimulatedNode(SimulatedNode original, int number) {
        this.world = original.world;
        this.network = original.network;
        this.setup = original.setup;
        this.invariants = original.invariants;
        this.number = number;
        this.name = "clone-of-" + original.number;
        this.clock = new NodeClock(world);
        this.processor = new Processor(world);
        this.address = new PeerAddress(IpAddress.ofIpv4(0x0a000001 + number), 8301);
        this.beliefs = new Beliefs(setup.roster());
        this.signer = original.signer;
        this.keys = original.keys;
        this.epochOnDisk = original.epochOnDisk;
    }

    @Override
    public int number() {
        return number;
    }

    NodeClock clock() {
        return clock;
    }

    Processor processor() {
        return processor;
    }

    /** Takes effect with the next start. */
    void moveTo(PeerAddress elsewhere) {
        address = elsewhere;
    }

    /** Seals and opens with these from now on. */
    void use(KeySchedules changed) {
        keys = changed;
        if (machine != null && guard != null) {
            guard.use(changed);
            machine.use(changed);
            settle();
        }
    }

    String name() {
        return name;
    }

    PeerAddress address() {
        return address;
    }

    @Override
    public NodeId id() {
        return signer.id();
    }

    @Override
    public boolean isRunning() {
        return state == State.RUNNING;
    }

    boolean isPaused() {
        return state == State.PAUSED;
    }

    boolean hasLeft() {
        return saidGoodbye;
    }

    /** Counts its starts and crashes: what was meant for an earlier life does not reach a later one. */
    @Override
    public long life() {
        return life;
    }

    @Override
    public boolean remembersEpoch() {
        return remembersEpoch;
    }

    @Override
    public GossipMachine machine() {
        GossipMachine running = machine;
        if (running == null) {
            throw new IllegalStateException(name + " is not running");
        }
        return running;
    }

    /** Begins; asks {@code seeds} for the pool, and whom it knew. */
    void start(Collection<PeerAddress> seeds) {
        life++;
        state = State.RUNNING;
        saidGoodbye = false;
        beliefs.clear();
        dueToEnd = null;
        remembersEpoch = epochOnDisk != 0;
        long epoch = Math.max(epochOnDisk + 1, clock.now().getEpochSecond());
        epochOnDisk = epoch;
        SplittableRandom random = world.random(name + " in life " + life);
        PlainGuard ownGuard = new PlainGuard(id(), keys, random);
        guard = ownGuard;
        GossipMachine started = new GossipMachine(
                new GossipMachine.Parts(
                        setup.settings(),
                        new Membership.Identity(signer, address, 8443, false),
                        epoch,
                        new GossipMachine.Security(ownGuard, new PlainStreams(id(), random), keys),
                        new GossipMachine.Chance(random, clock::now, setup.words())),
                world.now());
        machine = started;
        timerAt = Long.MAX_VALUE;
        invariants.started(this);
        started.start(world.now());
        started.recall(snapshotOnDisk, world.now());
        List<PeerAddress> asked = new ArrayList<>(seeds);
        for (Frame frame : snapshotOnDisk) {
            if (frame instanceof io.culvert.gossip.wire.Alive alive && asked.size() < 5) {
                asked.add(alive.address());
            }
        }
        asked.stream().filter(seed -> !seed.equals(address)).forEach(seed -> started.join(0, seed, world.now()));
        NodeContent again = published;
        if (again != null) {
            started.publish(again, world.now());
        }
        settle();
        joinLater(asked, life);
    }

    // As the shell of the machine does: whoever is alone asks again.
    private void joinLater(List<PeerAddress> asked, long ofLife) {
        world.after(JOIN_AGAIN, () -> {
            if (ofLife == life
                    && state == State.RUNNING
                    && !saidGoodbye
                    && machine().members() == 1) {
                asked.stream()
                        .filter(seed -> !seed.equals(address))
                        .forEach(seed -> machine().join(0, seed, world.now()));
                settle();
            }
            if (ofLife == life) {
                joinLater(asked, ofLife);
            }
        });
    }

    /** The process ends without a word: at once, or with its next write to the disk. */
    void crash(DiskFate disk) {
        if (state == State.DOWN) {
            return;
        }
        boolean atTheNextWrite = disk == DiskFate.BEFORE_SYNC || disk == DiskFate.AFTER_SYNC;
        if (atTheNextWrite && dueToEnd == null && state == State.RUNNING) {
            dueToEnd = disk;
            snapshotOnDisk = machine().snapshot();
            long ofLife = life;
            world.after(SNAPSHOT_INTERVAL, () -> {
                if (ofLife == life) {
                    endWithWrite();
                }
            });
            return;
        }
        dueToEnd = null;
        snapshotOnDisk = disk == DiskFate.LOST ? List.of() : machine().snapshot();
        epochOnDisk = disk == DiskFate.LOST ? 0 : epochOnDisk;
        stop();
    }

    private void endWithWrite() {
        if (state == State.RUNNING) {
            snapshotOnDisk = dueToEnd == DiskFate.AFTER_SYNC ? machine().snapshot() : snapshotOnDisk;
            stop();
        }
    }

    private void stop() {
        invariants.stopped(this);
        network.reset(this);
        state = State.DOWN;
        life++;
        machine = null;
        waiting.clear();
    }

    void pause() {
        if (state == State.RUNNING) {
            state = State.PAUSED;
        }
    }

    /** Goes on: what came meanwhile comes at once, and timers are late. */
    void resume() {
        if (state != State.PAUSED) {
            return;
        }
        state = State.RUNNING;
        List<Runnable> burst = List.copyOf(waiting);
        waiting.clear();
        burst.forEach(this::whenAwake);
        whenAwake(() -> {
            machine().onTimer(world.now());
            settle();
        });
    }

    /** Says goodbye and ends when everybody knows. */
    void leave() {
        if (state == State.RUNNING) {
            saidGoodbye = true;
            invariants.leaving(this);
            machine().leave(world.now());
            settle();
        }
    }

    /** Publishes something new. */
    NodeContent publish() {
        changes++;
        NodeRecord record = new NodeRecord(
                id(),
                new NodeName(name),
                address.ip(),
                "dc1",
                Map.of("change", Integer.toString(changes)),
                8443,
                false,
                "1.0");
        // Each change withdraws one instance and brings another.
        ServiceInstance instance = ServiceInstance.of("web-" + changes, "web", 1 + changes);
        return publish(new NodeContent(record, List.of(instance), checks(CheckStatus.PASSING)));
    }

    /** Its check turns from passing to critical, or back. */
    NodeContent flip() {
        NodeContent before = published;
        if (before == null) {
            throw new IllegalStateException(name + " has published nothing yet");
        }
        boolean passes = before.checks().get(0).status() == CheckStatus.PASSING;
        return publish(new NodeContent(
                before.node(), before.services(), checks(passes ? CheckStatus.CRITICAL : CheckStatus.PASSING)));
    }

    private static List<CheckState> checks(CheckStatus status) {
        return List.of(new CheckState("alive", "alive", status, "", "ttl", ""));
    }

    private NodeContent publish(NodeContent content) {
        published = content;
        invariants.published(this, content);
        if (state == State.RUNNING) {
            machine().publish(content, world.now());
            settle();
        }
        return content;
    }

    @Override
    public Optional<NodeContent> contentOf(NodeId owner) {
        return beliefs.contentOf(owner);
    }

    @Override
    public Optional<Liveness> livenessOf(NodeId member) {
        return beliefs.livenessOf(member);
    }

    void receive(byte[] packet, PeerAddress from) {
        datagramWhenAwake(() -> {
            world.note(packet.length);
            network.arrived(packet, this);
            machine().onDatagram(packet, from, world.now());
            settle();
        });
    }

    long accept(PeerAddress from) {
        if (state != State.RUNNING) {
            return 0;
        }
        long number = machine().onStreamAccepted(from, world.now());
        settle();
        return number;
    }

    void streamOpened(long number, long ofLife) {
        whenAwake(ofLife, () -> machine().onStreamOpened(number, world.now()));
    }

    void streamBytes(long number, byte[] bytes, long ofLife) {
        whenAwake(ofLife, () -> machine().onStreamBytes(number, bytes, world.now()));
    }

    void streamClosed(long number, long ofLife) {
        whenAwake(ofLife, () -> machine().onStreamClosed(number, world.now()));
    }

    private void whenAwake(long ofLife, Runnable step) {
        whenAwake(() -> {
            if (ofLife == life) {
                step.run();
                settle();
            }
        });
    }

    // A datagram is lost when the socket's buffer is full; verdicts and the bytes of streams wait for as long as it
    // takes.
    private void datagramWhenAwake(Runnable step) {
        boolean full =
                state == State.PAUSED && waiting.size() >= MOST_WAITING || state == State.RUNNING && processor.isFull();
        if (!full) {
            whenAwake(step);
        }
    }

    private void whenAwake(Runnable step) {
        if (state == State.RUNNING && processor.isIdle()) {
            guarded(step);
        } else if (state == State.RUNNING) {
            long ofLife = life;
            processor.run(() -> {
                if (state == State.RUNNING && ofLife == life) {
                    guarded(step);
                }
            });
        } else if (state == State.PAUSED) {
            waiting.add(step);
        }
    }

    private void guarded(Runnable step) {
        try {
            step.run();
        } catch (RuntimeException failure) {
            invariants.failed(this, failure);
        }
    }

    private void settle() {
        GossipMachine running = machine;
        if (running == null) {
            return;
        }
        for (List<Effect> effects = running.drain(); !effects.isEmpty(); effects = running.drain()) {
            for (Effect effect : effects) {
                perform(effect);
                if (machine != running) {
                    return;
                }
            }
        }
        setTimer(running.nextAt());
    }

    private void setTimer(long at) {
        if (at >= timerAt) {
            return;
        }
        timerAt = at;
        long mine = ++timerSet;
        long ofLife = life;
        world.after(at - world.now(), () -> onTimer(mine, ofLife));
    }

    private void onTimer(long mine, long ofLife) {
        if (mine != timerSet || ofLife != life) {
            return;
        }
        if (!processor.isIdle() && state == State.RUNNING) {
            processor.run(() -> runTimers(mine, ofLife));
        } else {
            runTimers(mine, ofLife);
        }
    }

    private void runTimers(long mine, long ofLife) {
        if (mine != timerSet || ofLife != life) {
            return;
        }
        timerAt = Long.MAX_VALUE;
        if (state == State.RUNNING) {
            guarded(() -> {
                machine().onTimer(world.now());
                settle();
            });
        }
    }

    private void perform(Effect effect) {
        if (effect instanceof Effect.Send send) {
            invariants.sent(this, send.packet().length);
            network.datagram(this, send.to(), send.packet());
        } else if (effect instanceof Effect.OpenStream open) {
            network.connect(this, open.stream(), open.to());
        } else if (effect instanceof Effect.StreamSend send) {
            network.streamSend(this, send.stream(), send.bytes());
        } else if (effect instanceof Effect.CloseStream close) {
            network.streamClose(this, close.stream());
        } else if (effect instanceof Effect.Verify verify) {
            long ofLife = life;
            SignatureCheck check = setup.words().share(verify.check());
            world.after(
                    VERIFY_NANOS,
                    () -> whenAwake(
                            ofLife, () -> machine().onVerdict(check, PlainSigner.isGenuine(check), world.now())));
        } else if (effect instanceof Effect.PersistEpoch persist) {
            persist(persist.epoch());
        } else {
            observe(effect);
        }
    }

    private void observe(Effect effect) {
        if (effect instanceof Effect.Changed changed) {
            world.note(changed.change().after().ordinal());
            beliefs.changed(changed.change().member(), changed.change().after());
            setup.pool().watcher().member(this, changed.change());
            invariants.changed(this, changed.change());
        } else if (effect instanceof Effect.Content content) {
            beliefs.shown(content.content());
            setup.pool().watcher().content(this, content.content());
            invariants.contentShown(this, content.content());
        } else if (effect instanceof Effect.Left) {
            snapshotOnDisk = machine().snapshot();
            stop();
            invariants.left(this);
        } else if (effect instanceof Effect.Forgotten gone) {
            beliefs.forgotten(gone.member());
            invariants.forgotten(this, gone.member());
        } else if (effect instanceof Effect.Refused refused) {
            refused(refused);
        } else if (isAboutClone(effect)) {
            invariants.cloneNoticed(this);
        }
    }

    private void refused(Effect.Refused refused) {
        if (refused.refusal() == Refusal.OWN_IDENTITY) {
            invariants.cloneNoticed(this);
        } else if (network.isMember(refused.from())) {
            invariants.refusedMember(this, refused.refusal());
        }
    }

    private static boolean isAboutClone(Effect effect) {
        return effect instanceof Effect.Notice noticed && noticed.notice() instanceof MembershipPort.CloneSuspected
                || effect instanceof Effect.ContentNotice content
                        && content.notice().kind() == ReplicationNotice.Kind.OWN_IDENTITY_CLONED;
    }

    private void persist(long epoch) {
        if (dueToEnd != DiskFate.BEFORE_SYNC) {
            epochOnDisk = Math.max(epochOnDisk, epoch);
        }
        if (dueToEnd != null) {
            endWithWrite();
        }
    }

    /** Hands over a stranger's packet and reports what that came to. */
    void receiveFromStranger(byte[] packet, PeerAddress from, Intruded.Standing standing) {
        datagramWhenAwake(() -> {
            long members = machine().memberRoot();
            long held = machine().contentRoot();
            machine().onDatagram(packet, from, world.now());
            List<Effect> effects = machine().drain();
            boolean changed =
                    members != machine().memberRoot() || held != machine().contentRoot();
            invariants.intruded(this, new Intruded(standing, packet.length, effects, changed));
            GossipMachine running = machine();
            effects.forEach(effect -> {
                if (machine == running) {
                    perform(effect);
                }
            });
            settle();
        });
    }

    @Override
    public String toString() {
        return name;
    }
}
