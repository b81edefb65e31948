package io.culvert.testbed.simulator;

import io.culvert.gossip.wire.PeerAddress;
import java.time.Duration;
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
    private static final long RETRANSMIT_NANOS = Duration.ofMillis(200).toNanos();

    private final World world;
    private final Map<PeerAddress, SimulatedNode> hosts = new HashMap<>();
    private final Map<SimulatedNode, SplittableRandom> chances = new HashMap<>();
    private final Set<Link> cut = new HashSet<>();
    // In the order of their opening: a crash ends them in the same order in every run.
    private final Map<End, End> streams = new LinkedHashMap<>();
    private final Map<End, Long> busyUntil = new HashMap<>();
    private Weather weather = Weather.CALM;
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
    private record End(SimulatedNode node, long number) {}

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
        return !cut.isEmpty() && cut.contains(new Link(from, to));
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
        if (target == null || isCut(from, target) || chance.nextDouble() < weather.loss()) {
            return;
        }
        world.after(delay(chance), () -> target.receive(packet, from.address()));
        if (chance.nextDouble() < weather.duplication()) {
            world.after(delay(chance), () -> target.receive(packet, from.address()));
        }
    }

    void connect(SimulatedNode from, long number, PeerAddress to) {
        SimulatedNode target = hosts.get(to);
        long life = from.life();
        if (target == null || isCut(from, target) || isCut(target, from) || target.isPaused()) {
            world.after(CONNECT_TIMEOUT, () -> from.streamClosed(number, life));
            return;
        }
        SplittableRandom chance = chance(from);
        world.after(streamDelay(chance), () -> {
            long accepted = target.accept(from.address());
            long back = streamDelay(chance);
            if (accepted == 0) {
                world.after(back, () -> from.streamClosed(number, life));
                return;
            }
            End near = new End(from, number);
            End far = new End(target, accepted);
            streams.put(near, far);
            streams.put(far, near);
            world.after(back, () -> from.streamOpened(number, life));
        });
    }

    void streamSend(SimulatedNode from, long number, byte[] content) {
        End far = streams.get(new End(from, number));
        if (far == null) {
            return;
        }
        bytes += content.length;
        long life = far.node.life();
        inOrder(from, far, () -> far.node.streamBytes(far.number, content, life));
    }

    /** The side {@code from} ends the stream, after what it sent. */
    void streamClose(SimulatedNode from, long number) {
        End far = streams.remove(new End(from, number));
        if (far != null) {
            long life = far.node.life();
            inOrder(from, far, () -> {
                streams.remove(far);
                busyUntil.remove(far);
                far.node.streamClosed(far.number, life);
            });
        }
    }

    // What is sent into a cut hangs for good, as far as anybody's deadline can tell.
    private void inOrder(SimulatedNode from, End far, Runnable arrival) {
        if (isCut(from, far.node)) {
            return;
        }
        long at = Math.max(world.now() + streamDelay(chance(from)), busyUntil.getOrDefault(far, Long.MIN_VALUE));
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
