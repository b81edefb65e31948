package io.culvert.testbed.simulator.invariant;

import io.culvert.catalog.NodeContent;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Invariant 10. */
final class RoutableMeansPresent extends Invariant {
    private static final long SECOND = 1_000_000_000L;
    private static final double MOST_LOSS = 0.1;
    /** A walk over all pairs would cost more than the run in a pool of thousands. */
    private static final int OBSERVERS_A_SAMPLE = 3;

    private static final int ENOUGH = 1_000;

    private final Map<Host, Change> changes = new HashMap<>();
    private final Map<Host, Long> startedAt = new HashMap<>();
    private int next;
    private long intime;
    private long asked;

    /** What an owner published last. */
    private record Change(NodeContent content, long at) {}

    RoutableMeansPresent(Watch watch) {
        super(
                watch,
                10,
                "the owner of what is routable is alive or suspect in the local table; at up to 10 % loss a change"
                        + " has reached 99 % within 2 s");
    }

    @Override
    void started(Host host) {
        startedAt.put(host, watch.now());
    }

    @Override
    void published(Host owner, NodeContent content) {
        changes.put(owner, new Change(content, watch.now()));
    }

    @Override
    void sampled() {
        List<Host> running = watch.running();
        for (int i = 0; i < Math.min(OBSERVERS_A_SAMPLE, running.size()); i++) {
            look(running.get(next++ % running.size()));
        }
        measure(running);
    }

    private void look(Host observer) {
        for (Host owner : watch.hosts()) {
            boolean routable = observer.livenessOf(owner.id())
                    .map(liveness -> liveness.isRoutable())
                    .orElse(false);
            if (routable && owner != observer) {
                boolean present = observer.machine()
                        .find(owner.id())
                        .map(member -> member.standing().isPresent())
                        .orElse(false);
                check(
                        present || observer.machine().isFrozen(),
                        () -> observer + " routes to " + owner + ", which its own table does not hold for present");
            }
        }
    }

    private void measure(List<Host> running) {
        Map<Host, Change> due = new HashMap<>();
        changes.forEach((owner, change) -> {
            if (watch.now() - change.at >= 2 * SECOND) {
                due.put(owner, change);
            }
        });
        due.forEach((owner, change) -> {
            changes.remove(owner);
            // A second later than two: the sample came late, and says nothing.
            boolean counts = watch.now() - change.at <= 3 * SECOND && hasSettled(owner, change.at);
            if (counts && watch.pardons().areNone() && watch.pardons().loss() <= MOST_LOSS) {
                List<Host> others = running.stream()
                        .filter(host -> host != owner && hasSettled(host, change.at))
                        .toList();
                asked += others.size();
                intime += others.stream()
                        .filter(host -> host.contentOf(owner.id())
                                .map(change.content::equals)
                                .orElse(false))
                        .count();
            }
        });
    }

    // Who has just begun is still learning who is there.
    private boolean hasSettled(Host host, long at) {
        return host.isRunning() && startedAt.getOrDefault(host, at) + watch.agreementBound() <= at;
    }

    @Override
    void ended() {
        check(
                asked < ENOUGH || intime * 100 >= asked * 99,
                () -> "only " + intime + " of " + asked + " knew a change after 2 s");
    }
}
