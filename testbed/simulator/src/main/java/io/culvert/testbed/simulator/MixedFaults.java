package io.culvert.testbed.simulator;

import io.culvert.gossip.membership.SwimSettings;
import io.culvert.testbed.simulator.SimulatedNetwork.Weather;
import io.culvert.testbed.simulator.fault.FaultGenerator;
import io.culvert.testbed.simulator.fault.FaultScript;
import io.culvert.testbed.simulator.fault.Minimizer;
import io.culvert.testbed.simulator.invariant.Violation;
import java.time.Duration;
import java.util.function.Consumer;

/**
 * One run: a pool starts and knows itself, a script of faults is played, then comes calm, in which everybody has to agree
 * again. A run is its seed, its members and its script, and nothing else; without a script one is drawn from the seed.
 */
public final class MixedFaults {
    private static final Duration STARTING = Duration.ofSeconds(5);
    private static final Duration FAULTS = Duration.ofSeconds(60);
    private static final int MOST_RUNS_TO_MINIMIZE = 150;

    private final long seed;
    private final int members;
    private final FaultScript script;
    private final Consumer<SimulatedPool> setUp;

    /** With faults drawn from the seed. */
    public MixedFaults(long seed, int members) {
        this(seed, members, draw(seed, members));
    }

    public MixedFaults(long seed, int members, FaultScript script) {
        this(seed, members, script, pool -> {});
    }

    /** The same run, which tells a person how far it is. */
    MixedFaults showing(Progress progress) {
        return new MixedFaults(seed, members, script, setUp.andThen(pool -> pool.show(progress)));
    }

    /** @param setUp changes the pool before it starts: for tests that plant a bug */
    MixedFaults(long seed, int members, FaultScript script, Consumer<SimulatedPool> setUp) {
        this.seed = seed;
        this.members = members;
        this.script = script;
        this.setUp = setUp;
    }

    /** What one run came to. */
    public record Outcome(long hash, long events, Duration simulated, Duration agreedAfter, long failuresSeen) {}

    static FaultScript draw(long seed, int members) {
        return new FaultGenerator(new World(seed).random("faults"), members, FAULTS).draw();
    }

    /** Runs to the end; a {@link Violation} says what was broken and when. */
    public Outcome run() {
        SimulatedPool pool = new SimulatedPool(seed, members, SwimSettings.lan());
        setUp.accept(pool);
        pool.network().weather(Weather.CALM);
        pool.startAll(STARTING);
        pool.awaitCompany(pool.agreementBound());
        PoolStage stage = new PoolStage(pool);
        stage.play(script);
        pool.run(script.length().compareTo(FAULTS) > 0 ? script.length() : FAULTS);
        stage.calm();
        Duration agreed = pool.awaitAgreement(pool.agreementBound().plus(pool.detectionBound()));
        pool.invariants().ended();
        return new Outcome(pool.hash(), pool.events(), pool.time(), agreed, pool.failuresSeen());
    }

    /**
     * Runs to the end; an {@link AssertionError} names the seed, the smallest script found that breaks the same invariant,
     * and the command that plays it again.
     */
    public Outcome runOrExplain() {
        try {
            return run();
        } catch (Violation violation) {
            throw new AssertionError(explain(violation), violation);
        }
    }

    /** The smallest script found that breaks the same invariant, and the command that plays it; takes many runs. */
    String explain(Violation violation) {
        Minimizer minimizer = new Minimizer(shorter -> breaks(shorter, violation.invariant()), MOST_RUNS_TO_MINIMIZE);
        FaultScript least = minimizer.minimize(script);
        return explain(least, minimizer.runs());
    }

    private boolean breaks(FaultScript shorter, int invariant) {
        return violation(shorter) == invariant;
    }

    private int violation(FaultScript shorter) {
        try {
            new MixedFaults(seed, members, shorter, setUp).run();
            return 0;
        } catch (Violation violation) {
            return violation.invariant();
        }
    }

    private String explain(FaultScript least, int runs) {
        String what;
        try {
            what = "nothing, which makes the run undetermined: " + new MixedFaults(seed, members, least, setUp).run();
        } catch (Violation again) {
            what = String.valueOf(again.getMessage());
        }
        return "seed " + seed + ", " + members + " members: " + what + "\nof "
                + script.faults().size() + " faults "
                + least.faults().size() + " are left after " + runs + " runs:\n" + least
                + "\nagain: ./testbed/sim --members " + members + " --seed " + seed + " --script '" + least.inline()
                + "'";
    }
}
