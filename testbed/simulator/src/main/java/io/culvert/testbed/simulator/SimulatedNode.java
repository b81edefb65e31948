package io.culvert.testbed.simulator;

import io.culvert.catalog.IpAddress;
import io.culvert.catalog.Liveness;
import io.culvert.catalog.NodeContent;
import io.culvert.catalog.NodeId;
import io.culvert.catalog.NodeName;
import io.culvert.catalog.NodeRecord;
import io.culvert.gossip.core.Effect;
import io.culvert.gossip.core.GossipMachine;
import io.culvert.gossip.keyring.KeySchedules;
import io.culvert.gossip.membership.Membership;
import io.culvert.gossip.membership.SwimSettings;
import io.culvert.gossip.wire.Frame;
import io.culvert.gossip.wire.PeerAddress;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/** One host: a machine when it runs, a disk that outlives it, and the faults that befall it. */
final class SimulatedNode {
    // About what a 2 MiB socket buffer holds; a paused host loses the rest.
    private static final int MOST_WAITING = 2_000;
    private static final long VERIFY_NANOS = 700_000;
    private static final Duration JOIN_AGAIN = Duration.ofSeconds(5);

    private final World world;
    private final SimulatedNetwork network;
    private final Setup setup;
    private final Invariants invariants;
    private final String name;
    private final PeerAddress address;
    private final PlainSigner signer;
    private final Deque<Runnable> waiting = new ArrayDeque<>();
    private final Map<NodeId, NodeContent> contents = new HashMap<>();
    private final Map<NodeId, Liveness> liveness = new HashMap<>();
    private State state = State.DOWN;
    private @Nullable GossipMachine machine;
    private @Nullable NodeContent published;
    private long life;
    private long timerAt = Long.MAX_VALUE;
    private long timerSet;
    private long epochOnDisk;
    private List<Frame> snapshotOnDisk = List.of();
    private long changes;
    private boolean saidGoodbye;

    enum State {
        DOWN,
        RUNNING,
        PAUSED
    }

    /** What all hosts of a pool share. */
    record Setup(SwimSettings settings, KeySchedules keys) {}

    SimulatedNode(World world, SimulatedNetwork network, Setup setup, Invariants invariants, int number) {
        this.world = world;
        this.network = network;
        this.setup = setup;
        this.invariants = invariants;
        this.name = "node-" + number;
        this.address = new PeerAddress(IpAddress.ofIpv4(0x0a000001 + number), 8301);
        this.signer = new PlainSigner(name + " of " + world.seed());
    }

    String name() {
        return name;
    }

    PeerAddress address() {
        return address;
    }

    NodeId id() {
        return signer.publicKey().id();
    }

    boolean isRunning() {
        return state == State.RUNNING;
    }

    boolean isPaused() {
        return state == State.PAUSED;
    }

    boolean hasLeft() {
        return saidGoodbye;
    }

    /** Counts its starts and crashes: what was meant for an earlier life does not reach a later one. */
    long life() {
        return life;
    }

    GossipMachine machine() {
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
        contents.clear();
        liveness.clear();
        long epoch = Math.max(epochOnDisk + 1, world.wallTime().getEpochSecond());
        epochOnDisk = epoch;
        SplittableRandom random = world.random(name + " in life " + life);
        GossipMachine started = new GossipMachine(
                new GossipMachine.Parts(
                        setup.settings(),
                        new Membership.Identity(signer, address, 8443, false),
                        epoch,
                        new GossipMachine.Security(
                                new PlainGuard(id(), random), new PlainStreams(id(), random), setup.keys()),
                        new GossipMachine.Chance(random, world::wallTime)),
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

    /** The process ends without a word. */
    void crash(boolean losesDisk) {
        if (state == State.DOWN) {
            return;
        }
        GossipMachine running = machine();
        snapshotOnDisk = losesDisk ? List.of() : running.snapshot();
        if (losesDisk) {
            epochOnDisk = 0;
        }
        stop();
    }

    private void stop() {
        invariants.stopped(this);
        state = State.DOWN;
        life++;
        machine = null;
        waiting.clear();
        network.reset(this);
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
        burst.forEach(Runnable::run);
        if (state == State.RUNNING) {
            machine().onTimer(world.now());
            settle();
        }
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
                Map.of("change", Long.toString(changes)),
                8443,
                false,
                "1.0");
        NodeContent content = new NodeContent(record, List.of(), List.of());
        published = content;
        invariants.published(content);
        if (state == State.RUNNING) {
            machine().publish(content, world.now());
            settle();
        }
        return content;
    }

    Optional<NodeContent> contentOf(NodeId owner) {
        return Optional.ofNullable(contents.get(owner));
    }

    Optional<Liveness> livenessOf(NodeId member) {
        return Optional.ofNullable(liveness.get(member));
    }

    void receive(byte[] packet, PeerAddress from) {
        whenAwake(() -> {
            world.note(packet.length);
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

    private void whenAwake(Runnable step) {
        if (state == State.RUNNING) {
            step.run();
        } else if (state == State.PAUSED && waiting.size() < MOST_WAITING) {
            waiting.add(step);
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
        timerAt = Long.MAX_VALUE;
        if (state == State.RUNNING) {
            machine().onTimer(world.now());
            settle();
        }
    }

    private void perform(Effect effect) {
        if (effect instanceof Effect.Send send) {
            network.datagram(this, send.to(), send.packet());
        } else if (effect instanceof Effect.OpenStream open) {
            network.connect(this, open.stream(), open.to());
        } else if (effect instanceof Effect.StreamSend send) {
            network.streamSend(this, send.stream(), send.bytes());
        } else if (effect instanceof Effect.CloseStream close) {
            network.streamClose(this, close.stream());
        } else if (effect instanceof Effect.Verify verify) {
            long ofLife = life;
            world.after(
                    VERIFY_NANOS,
                    () -> whenAwake(
                            ofLife,
                            () -> machine()
                                    .onVerdict(verify.check(), PlainSigner.isGenuine(verify.check()), world.now())));
        } else if (effect instanceof Effect.PersistEpoch persist) {
            epochOnDisk = Math.max(epochOnDisk, persist.epoch());
        } else {
            observe(effect);
        }
    }

    private void observe(Effect effect) {
        if (effect instanceof Effect.Changed changed) {
            world.note(changed.change().after().ordinal());
            liveness.put(changed.change().member(), changed.change().after());
            invariants.changed(this, changed.change());
        } else if (effect instanceof Effect.Content content) {
            contents.put(content.content().node().id(), content.content());
            invariants.contentShown(this, content.content());
        } else if (effect instanceof Effect.Left) {
            snapshotOnDisk = machine().snapshot();
            stop();
        }
    }

    @Override
    public String toString() {
        return name;
    }
}
