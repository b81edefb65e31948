package io.culvert.testbed.simulator.invariant;

import io.culvert.gossip.bounds.Size;
import java.util.List;

/** Invariant 11. */
final class EverythingIsBounded extends Invariant {
    private static final int HOSTS_A_SAMPLE = 5;

    private int next;

    EverythingIsBounded(Watch watch) {
        super(
                watch,
                11,
                "every queue, table, window and session of a machine keeps its bound a + b * members, at all times,"
                        + " under flood too");
    }

    @Override
    void sampled() {
        List<Host> running = watch.running();
        for (int i = 0; i < Math.min(HOSTS_A_SAMPLE, running.size()); i++) {
            look(running.get(next++ % running.size()));
        }
    }

    private void look(Host host) {
        for (Size size : host.sizes()) {
            check(size.isWithinBound(), () -> host + " holds " + size);
        }
    }
}
