package io.culvert.testbed.simulator;

import io.culvert.gossip.keyring.KeySchedules;
import io.culvert.testbed.simulator.SimulatedNetwork.Weather;
import io.culvert.testbed.simulator.fault.FaultScript;
import io.culvert.testbed.simulator.fault.Intrusion;
import io.culvert.testbed.simulator.fault.Links;
import io.culvert.testbed.simulator.fault.Pardons;
import io.culvert.testbed.simulator.fault.Stage;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/** Carries out on a simulated pool what a script of faults says. */
final class PoolStage implements Stage {
    private final SimulatedPool pool;
    private final Map<Integer, SimulatedNode> clones = new HashMap<>();
    private final Map<Intrusion, Intruder> intruders = new LinkedHashMap<>();
    private int strangers;
    private boolean rotating;

    PoolStage(SimulatedPool pool) {
        this.pool = pool;
    }

    /** Lets {@code script} begin now: sets its faults going, and notes who has an excuse. */
    void play(FaultScript script) {
        pool.invariants().pardons(Pardons.of(script, pool.world().now()));
        script.play(this);
    }

    /** Ends whatever still lasts. Who crashed or left for good stays away. */
    void calm() {
        links().clear();
        pool.network().weather(Weather.CALM);
        List.copyOf(intruders.keySet()).forEach(this::stopIntruding);
        List.copyOf(clones.keySet()).forEach(this::stopClone);
        for (SimulatedNode node : pool.nodes()) {
            node.clock().set(Duration.ZERO, 0);
            node.processor().set(Duration.ZERO, 0);
            node.resume();
        }
    }

    @Override
    public int members() {
        return pool.nodes().size();
    }

    @Override
    public Links links() {
        return pool.network().links();
    }

    @Override
    public SplittableRandom chance(String purpose) {
        return pool.world().random(purpose);
    }

    @Override
    public void after(Duration delay, Runnable step) {
        pool.world().after(delay, step);
    }

    private SimulatedNode node(int host) {
        return pool.nodes().get(host);
    }

    @Override
    public void crash(int host, DiskFate disk) {
        node(host).crash(disk);
    }

    @Override
    public void start(int host) {
        SimulatedNode node = node(host);
        if (!node.isRunning() && !node.isPaused()) {
            // A lost disk makes a new epoch from the clock, in seconds: the same second would be the same life.
            after(Duration.ofSeconds(1), () -> {
                if (!node.isRunning() && !node.isPaused()) {
                    node.start(List.of(node(0).address(), node(1).address()));
                }
            });
        }
    }

    @Override
    public void pause(int host) {
        node(host).pause();
    }

    @Override
    public void resume(int host) {
        node(host).resume();
    }

    @Override
    public void leave(int host) {
        node(host).leave();
    }

    @Override
    public void publish(int host) {
        node(host).publish();
    }

    @Override
    public void slow(int host, Duration perEvent, int inbox) {
        node(host).processor().set(perEvent, inbox);
    }

    @Override
    public void setClock(int host, Duration offset, double partsPerMillion) {
        node(host).clock().set(offset, partsPerMillion);
    }

    @Override
    public void startClone(int host) {
        SimulatedNode original = node(host);
        if (!original.isRunning() || clones.containsKey(host)) {
            return;
        }
        SimulatedNode clone = new SimulatedNode(original, members() + strangers++);
        clones.put(host, clone);
        pool.network().add(clone);
        clone.start(List.of(node(0).address(), node(1).address()));
        pool.invariants().cloned(original, clone);
    }

    @Override
    public void stopClone(int host) {
        SimulatedNode clone = clones.remove(host);
        if (clone != null) {
            clone.resume();
            clone.crash(DiskFate.KEPT);
        }
    }

    @Override
    public void swapAddresses(int one, int other) {
        node(one).crash(DiskFate.KEPT);
        node(other).crash(DiskFate.KEPT);
        pool.network().swap(node(one), node(other));
        start(one);
        start(other);
    }

    @Override
    public void rotateKeys(Duration length) {
        if (rotating) {
            return;
        }
        rotating = true;
        int turn = 0;
        for (KeySchedules keys : pool.keys().rotation(chance("keys at " + pool.time()))) {
            // Everybody takes a step before anybody takes the next.
            for (int host = 0; host < members(); host++) {
                SimulatedNode node = node(host);
                after(length.multipliedBy(turn++).dividedBy(3L * members()), () -> node.use(keys));
            }
            after(length.multipliedBy(turn).dividedBy(3L * members()), () -> others(keys));
        }
        after(length, () -> rotating = false);
    }

    private void others(KeySchedules keys) {
        clones.values().forEach(clone -> clone.use(keys));
        intruders.values().forEach(intruder -> intruder.use(keys));
    }

    @Override
    public void intrude(Intrusion intrusion) {
        if (!intruders.containsKey(intrusion)) {
            Intruder intruder = new Intruder(pool, intrusion, ++strangers);
            intruders.put(intrusion, intruder);
            intruder.begin();
        }
    }

    @Override
    public void stopIntruding(Intrusion intrusion) {
        Intruder intruder = intruders.remove(intrusion);
        if (intruder != null) {
            intruder.end();
        }
    }
}
