package io.culvert.testbed.simulator.invariant;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Invariant 14. */
final class NoLoopEnds extends Invariant {
    private static final int INTERVALS = 10;

    private final Map<Host, Spoke> spoke = new HashMap<>();

    private record Spoke(long bytes, long at) {}

    NoLoopEnds(Watch watch) {
        super(watch, 14, "no input ends a loop: no machine throws, and each that runs and has company goes on sending");
    }

    @Override
    void failed(Host host, RuntimeException failure) {
        check(
                false,
                () -> host + " threw " + failure + " at "
                        + List.of(failure.getStackTrace()).subList(0, Math.min(4, failure.getStackTrace().length)));
    }

    @Override
    void started(Host host) {
        spoke.remove(host);
    }

    @Override
    void sampled() {
        // The health score stretches the intervals up to eightfold.
        long most = (watch.settings().probe().maxHealthScore() + 1L + INTERVALS)
                * watch.settings().probe().interval().toNanos();
        for (Host host : watch.hosts()) {
            Spoke before = spoke.get(host);
            long bytes = watch.sentBytes(host);
            if (before == null || before.bytes != bytes || !hasCompany(host) || watch.isPardonedLately(host)) {
                before = new Spoke(bytes, watch.now());
                spoke.put(host, before);
            }
            long silent = watch.now() - before.at;
            check(silent <= most, () -> host + " runs, but has sent nothing for " + silent / 1_000_000_000L + " s");
        }
    }

    private static boolean hasCompany(Host host) {
        return host.isRunning() && host.machine().members() > 1;
    }
}
