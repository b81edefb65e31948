package io.culvert.testbed.simulator;

import io.culvert.gossip.membership.SwimSettings;
import io.culvert.testbed.simulator.SimulatedNetwork.Weather;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.SplittableRandom;

/**
 * One run with everything at once: loss, delay and duplicates all the time; crashes with and without the disk, pauses,
 * partitions, one-way cuts, departures and changes of content by chance; then calm, in which everybody has to agree again.
 */
public final class MixedFaults {
    private static final Duration STARTING = Duration.ofSeconds(5);
    private static final Duration FAULTS = Duration.ofMinutes(3);

    private final SimulatedPool pool;
    private final SplittableRandom chance;
    private final List<String> script = new ArrayList<>();
    private int cuts;

    public MixedFaults(long seed, int members) {
        pool = new SimulatedPool(seed, members, SwimSettings.lan());
        chance = pool.world().random("faults");
    }

    /** What one run came to. */
    public record Outcome(long hash, long events, Duration simulated, Duration agreedAfter, long failuresSeen) {}

    /** Runs to the end; an {@link AssertionError} names the seed, the time and the faults that led there. */
    public Outcome run() {
        try {
            double loss = chance.nextDouble() * 0.25;
            pool.network().weather(weather(loss));
            script.add("loss " + loss);
            pool.startAll(STARTING);
            pool.awaitCompany(pool.agreementBound());
            planFaults();
            pool.run(FAULTS);
            endFaults();
            Duration agreed = pool.awaitAgreement(pool.agreementBound().plus(pool.detectionBound()));
            return new Outcome(pool.hash(), pool.events(), pool.time(), agreed, pool.failuresSeen());
        } catch (AssertionError violation) {
            throw new AssertionError(violation.getMessage() + " after " + script, violation);
        }
    }

    private Weather weather(double loss) {
        Duration most = Duration.ofMillis(1 + chance.nextInt(60));
        return new Weather(loss, chance.nextDouble() * 0.02, Duration.ofNanos(100_000), most);
    }

    private void planFaults() {
        int number = 6 + chance.nextInt(8);
        for (int i = 0; i < number; i++) {
            Duration at = Duration.ofMillis(chance.nextLong(FAULTS.toMillis() * 2 / 3));
            planFault(at, Duration.ofMillis(1_000 + chance.nextLong(FAULTS.toMillis() / 3)));
        }
        for (int i = 0; i < pool.nodes().size() / 2; i++) {
            SimulatedNode node = any();
            pool.world().after(Duration.ofMillis(chance.nextLong(FAULTS.toMillis())), node::publish);
        }
    }

    private void planFault(Duration at, Duration length) {
        switch (chance.nextInt(6)) {
            case 0, 1 -> planCrash(at, length);
            case 2 -> planPause(at, length);
            case 3 -> planPartition(at, length);
            case 4 -> planOneWayCut(at, length);
            default -> planLeave(at);
        }
    }

    private void planCrash(Duration at, Duration length) {
        SimulatedNode node = anyButFirst();
        boolean losesDisk = chance.nextInt(3) == 0;
        boolean returns = chance.nextBoolean();
        after(at, "crash " + node + (losesDisk ? " with its disk" : ""), () -> node.crash(losesDisk));
        if (returns) {
            // A lost disk makes a new epoch from the clock, in seconds: the same second would be the same life.
            after(at.plus(length).plusSeconds(1), "start " + node, () -> start(node));
        }
    }

    private void start(SimulatedNode node) {
        if (!node.isRunning() && !node.isPaused()) {
            node.start(List.of(pool.nodes().get(0).address()));
        }
    }

    private void planPause(Duration at, Duration length) {
        SimulatedNode node = any();
        after(at, "pause " + node, () -> {
            pool.invariants().disturbed();
            node.pause();
        });
        after(at.plus(length), "resume " + node, node::resume);
    }

    private void planPartition(Duration at, Duration length) {
        List<SimulatedNode> shuffled = new ArrayList<>(pool.nodes());
        Collections.shuffle(shuffled, new Random(chance.nextLong()));
        int size = 1 + chance.nextInt(shuffled.size() / 2);
        after(at, "cut off " + size, () -> cut(shuffled.subList(0, size), shuffled.subList(size, shuffled.size())));
        after(at.plus(length), "mend", this::mend);
    }

    private void cut(List<SimulatedNode> one, List<SimulatedNode> other) {
        pool.invariants().disturbed();
        cuts++;
        for (SimulatedNode here : one) {
            for (SimulatedNode there : other) {
                pool.network().cut(here, there);
                pool.network().cut(there, here);
            }
        }
    }

    private void planOneWayCut(Duration at, Duration length) {
        SimulatedNode deaf = any();
        after(at, "nobody is heard by " + deaf, () -> {
            pool.invariants().disturbed();
            cuts++;
            pool.nodes().forEach(node -> pool.network().cut(node, deaf));
        });
        after(at.plus(length), "mend", this::mend);
    }

    // Cuts overlap; the last one to end mends all.
    private void mend() {
        cuts--;
        if (cuts == 0) {
            pool.network().mendAll();
        }
    }

    private void planLeave(Duration at) {
        SimulatedNode node = anyButFirst();
        after(at, "leave " + node, node::leave);
    }

    private void endFaults() {
        pool.network().mendAll();
        pool.network().weather(Weather.CALM);
        pool.nodes().forEach(SimulatedNode::resume);
        pool.invariants().calm();
        script.add("calm at " + pool.time());
    }

    private void after(Duration at, String what, Runnable fault) {
        pool.world().after(at, () -> {
            script.add(what + " at " + pool.time());
            fault.run();
        });
    }

    private SimulatedNode any() {
        return pool.nodes().get(chance.nextInt(pool.nodes().size()));
    }

    // The first one is whom newcomers ask.
    private SimulatedNode anyButFirst() {
        return pool.nodes().get(1 + chance.nextInt(pool.nodes().size() - 1));
    }
}
