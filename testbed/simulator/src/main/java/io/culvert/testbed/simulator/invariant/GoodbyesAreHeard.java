package io.culvert.testbed.simulator.invariant;

import io.culvert.catalog.Liveness;
import io.culvert.gossip.membership.MemberChange;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Invariant 5. */
final class GoodbyesAreHeard extends Invariant {
    private static final long SPREAD = 10_000_000_000L;

    private final Map<Host, Long> leftAt = new HashMap<>();
    private final Map<Host, Long> startedAt = new HashMap<>();
    private final Set<Host> lookedAt = new HashSet<>();

    GoodbyesAreHeard(Watch watch) {
        super(
                watch,
                5,
                "who left is known to have left to all within 10 s and two rounds of comparison, and is never shown as"
                        + " failed");
    }

    @Override
    void started(Host host) {
        leftAt.remove(host);
        lookedAt.remove(host);
        startedAt.put(host, watch.now());
    }

    @Override
    void left(Host host) {
        leftAt.put(host, watch.now());
    }

    @Override
    void changed(Host observer, MemberChange change) {
        @Nullable Host member = watch.find(change.member());
        if (member != null && change.after() == Liveness.FAILED && leftAt.containsKey(member)) {
            check(
                    isPardoned(observer, member),
                    () -> observer + " takes " + member + " for failed, which has left: " + change.reason());
        }
    }

    private boolean isPardoned(Host observer, Host leaver) {
        return watch.isPardonedLately(observer) || watch.isPardonedLately(leaver);
    }

    @Override
    void sampled() {
        leftAt.forEach((leaver, at) -> {
            boolean isDue = watch.now() - at > SPREAD + 2 * watch.comparisonRound();
            if (isDue && lookedAt.add(leaver)) {
                watch.running().stream()
                        .filter(observer -> startedAt.getOrDefault(observer, Long.MAX_VALUE) < at)
                        .filter(observer -> !isPardoned(observer, leaver))
                        .forEach(observer -> look(observer, leaver));
            }
        });
    }

    private void look(Host observer, Host leaver) {
        Liveness seen = observer.livenessOf(leaver.id()).orElse(Liveness.LEFT);
        check(seen == Liveness.LEFT, () -> observer + " holds " + leaver + ", which has left, for " + seen);
    }
}
