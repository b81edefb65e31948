package io.culvert.testbed.simulator.invariant;

import io.culvert.testbed.simulator.invariant.Intruded.Standing;
import java.util.HashMap;
import java.util.Map;

/** Invariant 12. */
final class NoAmplifier extends Invariant {
    private static final long WINDOW = 10_000_000_000L;
    // Probes, answers, helpers' probes and streams' hellos, of which each member has its own share whatever the budget.
    private static final long BESIDES_A_SECOND = 20_000;

    private final Map<Host, Long> before = new HashMap<>();
    private long windowFrom;

    NoAmplifier(Watch watch) {
        super(
                watch,
                12,
                "datagrams of a host stay within the budget of rumours and 20 KB/s of probes and answers, counted over"
                        + " 10 s; a stranger without the key causes nothing, one without a cookie not more than it sent");
    }

    @Override
    void sampled() {
        long took = watch.now() - windowFrom;
        if (took < WINDOW) {
            return;
        }
        var budget = watch.settings().spread().budget();
        long most = budget.burstBytes() + (budget.bytesPerSecond() + BESIDES_A_SECOND) * took / 1_000_000_000L;
        for (Host host : watch.hosts()) {
            long total = watch.sentBytes(host);
            long sent = total - before.getOrDefault(host, 0L);
            before.put(host, total);
            check(sent <= most, () -> host + " sent " + sent + " bytes in 10 s (at most " + most + ")");
        }
        windowFrom = watch.now();
    }

    @Override
    void intruded(Host host, Intruded what) {
        long most = what.standing() == Standing.KEYLESS ? 0 : what.bytes();
        check(
                what.bytesCaused() <= most,
                () -> host + " sent " + what.bytesCaused() + " bytes for " + what.bytes() + " of a stranger: "
                        + what.standing());
    }
}
