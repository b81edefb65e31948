package io.culvert.testbed.simulator;

import io.culvert.catalog.Liveness;
import io.culvert.catalog.NodeContent;
import io.culvert.catalog.NodeId;
import io.culvert.gossip.membership.MemberChange;
import io.culvert.gossip.membership.SwimSettings;
import io.culvert.testbed.simulator.SimulatedNetwork.Weather;
import io.culvert.testbed.simulator.fault.Stage.DiskFate;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/**
 * One pool, and what one measures in it: how fast a change spreads and a crash is found, what it costs, whether the living
 * are left alone. Everything in virtual time: the same seed gives the same figures.
 */
final class Measurements {
    private static final Duration SETTLING = Duration.ofSeconds(20);
    private static final Duration SPREAD_LIMIT = Duration.ofMinutes(2);
    private static final Duration POLL = Duration.ofMillis(100);
    /** UDP and IPv4 headers of a datagram; those of streams are not counted. */
    static final int DATAGRAM_HEADERS = 28;

    /** About what a socket's buffer of 2 MiB holds. */
    private static final int INBOX = 2_000;

    private static final Duration LEAST_DELAY = Duration.ofNanos(100_000);
    private static final Duration MOST_DELAY = Duration.ofMillis(2);

    // Long enough for the goodbye to be told, which takes a few gossip ticks.
    private static final Duration RESTART = Duration.ofSeconds(8);

    private final SimulatedPool pool;
    private final SplittableRandom chance;
    private final Observer observer = new Observer();

    Measurements(long seed, int members, Progress progress) {
        pool = new SimulatedPool(seed, members, SwimSettings.lan(), false);
        pool.watch(observer);
        pool.show(progress);
        chance = pool.world().random("measurements");
        loss(0);
    }

    /** @param share of datagrams that never arrive */
    void loss(double share) {
        pool.network().weather(new Weather(share, 0, LEAST_DELAY, MOST_DELAY));
    }

    /** Notes when each host saw what is being waited for, and every death of a host that lives. */
    private final class Observer implements Sightings {
        private final Durations times = new Durations();
        private @Nullable NodeContent awaited;
        private @Nullable NodeId dying;
        private final Set<NodeId> gone = new HashSet<>();
        private final Map<NodeId, Integer> falselyRemoved = new HashMap<>();
        private long since;
        private long removals;

        void await(@Nullable NodeContent content, @Nullable NodeId victim) {
            awaited = content;
            dying = victim;
            since = pool.world().now();
        }

        @Override
        public void content(SimulatedNode at, NodeContent content) {
            if (content.equals(awaited)) {
                times.add(pool.world().now() - since);
            }
        }

        @Override
        public void member(SimulatedNode at, MemberChange change) {
            if (change.after() != Liveness.FAILED) {
                return;
            }
            if (change.member().equals(dying)) {
                times.add(pool.world().now() - since);
            } else if (!gone.contains(change.member())) {
                removals++;
                falselyRemoved.merge(change.member(), 1, Integer::sum);
            }
        }
    }

    SimulatedPool pool() {
        return pool;
    }

    /** Starts everybody within {@code within}, from nothing; returns how long it took until all know all. */
    Duration join(Duration within) {
        pool.startAll(within);
        Duration more = pool.awaitCompany(Duration.ofMinutes(10));
        return within.plus(more);
    }

    void settle() {
        pool.run(SETTLING);
    }

    /**
     * How long one health change takes to each of the others.
     *
     * @param changes so many, one after the other, each of another host
     */
    Spread spread(int changes) {
        Durations half = new Durations();
        Durations mostly = new Durations();
        Durations all = new Durations();
        for (int i = 0; i < changes; i++) {
            SimulatedNode owner = pool.nodes().get(chance.nextInt(pool.nodes().size()));
            Observer seen = new Observer();
            pool.watch(seen);
            NodeContent change = owner.flip();
            seen.await(change, null);
            long wanted = pool.running().size() - 1L;
            pool.await("the change", SPREAD_LIMIT, POLL, () -> seen.times.size() >= wanted);
            half.add(nanos(seen.times.quantile(0.5)));
            mostly.add(nanos(seen.times.quantile(0.99)));
            all.add(nanos(seen.times.largest()));
            pool.run(Duration.ofSeconds(3));
        }
        pool.watch(observer);
        return new Spread(half, mostly, all);
    }

    private static long nanos(double seconds) {
        return Math.round(seconds * 1e9);
    }

    /** One value for each change: until half, 99 of 100, all know it. */
    record Spread(Durations half, Durations mostly, Durations all) {}

    /** From a crash until each of the others holds the host for dead; so many crashes, one after the other. */
    Durations detection(int crashes) {
        Durations all = new Durations();
        for (int i = 0; i < crashes; i++) {
            List<SimulatedNode> running = pool.running();
            SimulatedNode victim = running.get(1 + chance.nextInt(running.size() - 1));
            observer.gone.add(victim.id());
            victim.crash(DiskFate.KEPT);
            observer.await(null, victim.id());
            pool.await("detection", pool.detectionBound(), POLL, () -> pool.isGivenUp(victim));
            pool.run(Duration.ofSeconds(5));
        }
        for (int i = 0; i < observer.times.size(); i++) {
            all.add(nanos(observer.times.at(i)));
        }
        return all;
    }

    /** Lets {@code duration} pass while services change; what one agent sends meanwhile. */
    Traffic steady(Duration duration, double changesPerHostAndHour) {
        long changes = Math.round(changesPerHostAndHour
                * pool.nodes().size()
                * duration.toNanos()
                / Duration.ofHours(1).toNanos());
        for (long i = 0; i < changes; i++) {
            SimulatedNode owner = pool.nodes().get(chance.nextInt(pool.nodes().size()));
            pool.world().after(chance.nextLong(duration.toNanos()), owner::flip);
        }
        return traffic(duration);
    }

    /** Restarts hosts at the rate at which all would be done in {@code whole}, for {@code duration} of it. */
    Traffic rollingRestart(Duration duration, Duration whole) {
        long between = whole.toNanos() / pool.nodes().size();
        long number = duration.toNanos() / between;
        for (int i = 0; i < number; i++) {
            SimulatedNode node = pool.nodes().get(1 + i);
            pool.world().after(i * between, () -> restart(node));
        }
        return traffic(duration);
    }

    private void restart(SimulatedNode node) {
        observer.gone.add(node.id());
        node.leave();
        pool.world().after(RESTART, () -> {
            node.start(List.of(pool.nodes().get(0).address()));
            observer.gone.remove(node.id());
        });
    }

    private Traffic traffic(Duration duration) {
        long datagrams = pool.datagrams();
        long bytes = pool.bytes();
        long removals = observer.removals;
        pool.run(duration);
        double perSecond = duration.toNanos() / 1e9 * pool.nodes().size();
        double sent = pool.bytes() - bytes;
        double headers = (double) DATAGRAM_HEADERS * (pool.datagrams() - datagrams);
        return new Traffic(
                (sent + headers) / perSecond, (pool.datagrams() - datagrams) / perSecond, observer.removals - removals);
    }

    /**
     * What one agent sends.
     *
     * @param bytesPerSecond with the headers of UDP and IP
     * @param falseRemovals how often any host held one that lived for dead
     */
    record Traffic(double bytesPerSecond, double datagramsPerSecond, long falseRemovals) {}

    /** One host in a hundred needs {@code perEvent} for each packet and timer; what it cannot take waits, then is lost. */
    int starve(Duration perEvent) {
        int starved = Math.max(1, pool.nodes().size() / 100);
        for (int i = 0; i < starved; i++) {
            SimulatedNode node = pool.nodes().get(1 + i * (pool.nodes().size() - 1) / starved);
            node.processor().set(perEvent, INBOX);
        }
        return starved;
    }

    /** Hosts that lived and were held for dead, with how many believed it. */
    Map<NodeId, Integer> falselyRemoved() {
        return Map.copyOf(observer.falselyRemoved);
    }

    /** Which hosts those were, and how many views each. */
    String describeFalselyRemoved() {
        StringBuilder text = new StringBuilder();
        for (SimulatedNode node : pool.nodes()) {
            Integer views = observer.falselyRemoved.get(node.id());
            if (views != null) {
                text.append(text.length() == 0 ? "" : ", ")
                        .append(node)
                        .append(' ')
                        .append(views);
            }
        }
        return text.length() == 0 ? "none" : text.toString();
    }
}
