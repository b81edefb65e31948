package io.culvert.testbed.simulator.fault;

import java.time.Duration;
import java.util.function.Predicate;

/**
 * Makes a script that fails as small as it gets while it still fails: leaves out ever smaller stretches of its faults
 * (Zeller's delta debugging), then makes what is left shorter. The runs are deterministic, so one of each is enough.
 */
public final class Minimizer {
    private final Predicate<FaultScript> fails;
    private final int mostRuns;
    private int runs;

    /**
     * @param fails whether a run under this script shows the same violation
     * @param mostRuns after which the smallest one so far has to do
     */
    public Minimizer(Predicate<FaultScript> fails, int mostRuns) {
        this.fails = fails;
        this.mostRuns = mostRuns;
    }

    public FaultScript minimize(FaultScript failing) {
        return shorten(leaveOut(failing));
    }

    /** How many runs it took. */
    public int runs() {
        return runs;
    }

    private FaultScript leaveOut(FaultScript failing) {
        FaultScript least = failing;
        for (int stretch = least.faults().size(); stretch >= 1; stretch /= 2) {
            int at = 0;
            while (at < least.faults().size() && runs < mostRuns) {
                int count = Math.min(stretch, least.faults().size() - at);
                FaultScript shorter = least.without(at, count);
                if (stillFails(shorter)) {
                    least = shorter;
                } else {
                    at += count;
                }
            }
        }
        return least;
    }

    private FaultScript shorten(FaultScript failing) {
        FaultScript least = failing;
        for (int i = 0; i < least.faults().size(); i++) {
            Duration half = halfOf(least.faults().get(i).length());
            while (!half.isZero() && runs < mostRuns && stillFails(least.shortened(i, half))) {
                least = least.shortened(i, half);
                half = halfOf(half);
            }
        }
        return least;
    }

    // To whole milliseconds; zero would mean something else: that the fault never ends.
    private static Duration halfOf(Duration length) {
        return Duration.ofMillis(length.toMillis() / 2);
    }

    private boolean stillFails(FaultScript script) {
        runs++;
        return fails.test(script);
    }
}
