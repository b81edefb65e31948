package io.culvert.testbed.simulator;

import io.culvert.gossip.wire.PeerAddress;
import io.culvert.testbed.simulator.fault.Links;
import io.culvert.testbed.simulator.fault.Passage;
import io.culvert.testbed.simulator.fault.StreamTerms;
import io.culvert.testbed.simulator.fault.StreamTerms.Opening;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/**
 * Carries datagrams and streams between hosts: loses, delays, repeats, cuts. A cut link swallows everything; a stream over
 * it hangs until somebody's deadline.
 */
final class SimulatedNetwork {
    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(5);
    private static final int MOST_OVERHEARD = 64;
    private static final long RETRANSMIT_NANOS = Duration.ofMillis(200).toNanos();

    private final World world;
    private final Map<PeerAddress, SimulatedNode> hosts = new HashMap<>();
    private final Map<SimulatedNode, SplittableRandom> chances = new HashMap<>();
    private final Set<Link> cut = new HashSet<>();
    private final Links links = new Links();
    // In the order of their opening: a crash ends them in the same order in every run.
    private final Map<End, Pipe> streams = new LinkedHashMap<>();
    private final Map<PeerAddress, Stranger> strangers = new HashMap<>();
    private final Map<End, Long> busyUntil = new HashMap<>();
    private Weather weather = Weather.CALM;
    private final List<Overheard> overheard = new ArrayList<>();
    private boolean overhearing;
    private long datagrams;
    private long bytes;

    SimulatedNetwork(World world) {
        this.world = world;
    }

    /**
     * What every link does to packets.
     *
     * @param loss share of datagrams that never arrive
     * @param duplication share that arrive twice
     */
    record Weather(double loss, double duplication, Duration leastDelay, Duration mostDelay) {
        static final Weather CALM = new Weather(0, 0, Duration.ofNanos(200_000), Duration.ofMillis(2));
    }

    private record Link(SimulatedNode from, SimulatedNode to) {}

    /** One side of a stream. */
    private record End(SimulatedNode node, long life, long number) {
        static End now(SimulatedNode node, long number) {
            return new End(node, node.life(), number);
        }
    }

    /** Whom a datagram reaches who is no host of the pool. */
    interface Stranger {
        void receive(byte[] packet, PeerAddress from);
    }

    /** One direction of a stream: where it leads, and what has passed. */
    private static final class Pipe {
        final End far;
        final StreamTerms terms;
        final boolean toCalled;
        long passed;

        Pipe(End far, StreamTerms terms, boolean toCalled) {
            this.far = far;
            this.terms = terms;
            this.toCalled = toCalled;
        }
    }

    /** A packet that arrived, at which life of whom. */
    record Overheard(byte[] bytes, SimulatedNode to, long life) {}

    /** Whether somebody listens on the wire; what was heard is kept for a while. */
    void overhear(boolean listens) {
        overhearing = listens;
        if (!listens) {
            overheard.clear();
        }
    }

    @Nullable
    Overheard overheard(SplittableRandom chance) {
        return overheard.isEmpty() ? null : overheard.get(chance.nextInt(overheard.size()));
    }

    /** A packet arrives at a host that is awake. */
    void arrived(byte[] packet, SimulatedNode at) {
        if (overhearing) {
            Overheard heard = new Overheard(packet, at, at.life());
            if (overheard.size() < MOST_OVERHEARD) {
                overheard.add(heard);
            } else {
                overheard.set((int) (datagrams % MOST_OVERHEARD), heard);
            }
        }
    }

    /** The faults that lie on links. */
    Links links() {
        return links;
    }

    boolean isMember(PeerAddress address) {
        return hosts.containsKey(address);
    }

    void add(PeerAddress address, Stranger stranger) {
        strangers.put(address, stranger);
    }

    void remove(PeerAddress address) {
        strangers.remove(address);
    }

    /** Each takes the other's address. */
    void swap(SimulatedNode one, SimulatedNode other) {
        PeerAddress first = one.address();
        one.moveTo(other.address());
        other.moveTo(first);
        hosts.put(one.address(), one);
        hosts.put(other.address(), other);
    }

    void add(SimulatedNode node) {
        hosts.put(node.address(), node);
        chances.put(node, world.random("network of " + node.name()));
    }

    void weather(Weather changed) {
        weather = changed;
    }

    void cut(SimulatedNode from, SimulatedNode to) {
        cut.add(new Link(from, to));
    }

    void mendAll() {
        cut.clear();
    }

    boolean isCut(SimulatedNode from, SimulatedNode to) {
        return !cut.isEmpty() && cut.contains(new Link(from, to)) || links.isCut(from.number(), to.number());
    }

    long datagrams() {
        return datagrams;
    }

    long bytes() {
        return bytes;
    }

    void datagram(SimulatedNode from, PeerAddress to, byte[] packet) {
        datagrams++;
        bytes += packet.length;
        SimulatedNode target = hosts.get(to);
        SplittableRandom chance = chance(from);
        Stranger stranger = target == null ? strangers.get(to) : null;
        if (stranger != null) {
            world.after(delay(chance), () -> stranger.receive(packet, from.address()));
        }
        if (target == null || isCut(from, target) || chance.nextDouble() < weather.loss()) {
            return;
        }
        if (!links.isClear()) {
            pass(links.datagram(from.number(), target.number(), packet, world.now(), chance), from, target);
            return;
        }
        world.after(delay(chance), () -> target.receive(packet, from.address()));
        if (chance.nextDouble() < weather.duplication()) {
            world.after(delay(chance), () -> target.receive(packet, from.address()));
        }
    }

    private void pass(Passage passage, SimulatedNode from, SimulatedNode target) {
        if (passage.isLost()) {
            return;
        }
        SplittableRandom chance = chance(from);
        for (int copy = 0; copy < passage.copies(); copy++) {
            world.after(delay(chance) + passage.delayNanos(), () -> target.receive(passage.packet(), from.address()));
        }
    }

    void connect(SimulatedNode from, long number, PeerAddress to) {
        SimulatedNode target = hosts.get(to);
        long life = from.life();
        SplittableRandom chance = chance(from);
        StreamTerms terms = target == null
                ? StreamTerms.UNREACHABLE
                : links.stream(from.number(), target.number(), world.now(), chance);
        if (target == null
                || terms.opening() == Opening.TIMES_OUT
                || isCut(from, target)
                || isCut(target, from)
                || target.isPaused()) {
            world.after(CONNECT_TIMEOUT, () -> from.streamClosed(number, life));
            return;
        }
        if (terms.opening() == Opening.HALF_OPEN) {
            world.after(streamDelay(chance), () -> from.streamOpened(number, life));
            return;
        }
        world.after(streamDelay(chance), () -> {
            long accepted = target.accept(from.address());
            long back = streamDelay(chance);
            if (accepted == 0) {
                world.after(back, () -> from.streamClosed(number, life));
                return;
            }
            End near = new End(from, life, number);
            End far = End.now(target, accepted);
            if (from.life() != life) {
                world.after(back, () -> target.streamClosed(accepted, far.life));
                return;
            }
            streams.put(near, new Pipe(far, terms, true));
            streams.put(far, new Pipe(near, terms, false));
            world.after(back, () -> from.streamOpened(number, life));
        });
    }

    void streamSend(SimulatedNode from, long number, byte[] content) {
        End near = End.now(from, number);
        Pipe pipe = streams.get(near);
        if (pipe == null) {
            return;
        }
        bytes += content.length;
        pipe.passed += content.length;
        End far = pipe.far;
        if (pipe.passed > pipe.terms.resetAfter()) {
            breakOff(near, far);
        } else if (pipe.passed <= pipe.terms.swallowAfter()) {
            long reading = pipe.toCalled ? pipe.terms.nanosFor(content.length) : 0;
            inOrder(
                    from,
                    far,
                    new Load(content.length, reading),
                    () -> far.node.streamBytes(far.number, content, far.life));
        }
    }

    private void breakOff(End near, End far) {
        streams.remove(near);
        streams.remove(far);
        world.after(0, () -> near.node.streamClosed(near.number, near.life));
        world.after(0, () -> far.node.streamClosed(far.number, far.life));
    }

    /** The side {@code from} ends the stream, after what it sent. */
    void streamClose(SimulatedNode from, long number) {
        Pipe pipe = streams.remove(End.now(from, number));
        if (pipe != null) {
            End far = pipe.far;
            inOrder(from, far, Load.NOTHING, () -> {
                streams.remove(far);
                busyUntil.remove(far);
                far.node.streamClosed(far.number, far.life);
            });
        }
    }

    /** @param reading nanoseconds that the far side takes to read it */
    private record Load(int bytes, long reading) {
        static final Load NOTHING = new Load(0, 0);
    }

    // What is sent into a cut hangs for good, as far as anybody's deadline can tell.
    private void inOrder(SimulatedNode from, End far, Load load, Runnable arrival) {
        if (isCut(from, far.node)) {
            return;
        }
        SplittableRandom chance = chance(from);
        long more = links.streamDelayNanos(from.number(), far.node.number(), load.bytes, world.now(), chance);
        long arrives = world.now() + streamDelay(chance) + more;
        long at = Math.max(arrives, busyUntil.getOrDefault(far, Long.MIN_VALUE)) + load.reading;
        busyUntil.put(far, at);
        world.after(at - world.now(), arrival);
    }

    /** The process of {@code node} is gone; its streams break at the other side. */
    void reset(SimulatedNode node) {
        for (End end : List.copyOf(streams.keySet())) {
            if (end.node == node) {
                streamClose(node, end.number);
            }
        }
    }

    private SplittableRandom chance(SimulatedNode node) {
        @Nullable SplittableRandom chance = chances.get(node);
        if (chance == null) {
            throw new IllegalStateException(node.name() + " is not on this network");
        }
        return chance;
    }

    private long delay(SplittableRandom chance) {
        return chance.nextLong(
                weather.leastDelay().toNanos(), weather.mostDelay().toNanos() + 1);
    }

    // A lost segment is sent again: loss turns into delay.
    private long streamDelay(SplittableRandom chance) {
        long delay = delay(chance);
        for (int tries = 0; tries < 5 && chance.nextDouble() < weather.loss(); tries++) {
            delay += RETRANSMIT_NANOS << tries;
        }
        return delay;
    }
}
