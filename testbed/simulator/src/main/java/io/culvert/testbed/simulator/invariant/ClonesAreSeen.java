package io.culvert.testbed.simulator.invariant;

import io.culvert.gossip.membership.MemberChange;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Invariant 16. */
final class ClonesAreSeen extends Invariant {
    /** Each side may outdo the other a few times before both know. */
    private static final int MOST_CHANGES = 12;

    private final Map<Host, Clone> clones = new HashMap<>();

    private static final class Clone {
        final Host second;
        final long at;
        final Set<Host> noticed = new HashSet<>();
        final Map<Host, Integer> changes = new HashMap<>();

        Clone(Host second, long at) {
            this.second = second;
            this.at = at;
        }
    }

    ClonesAreSeen(Watch watch) {
        super(
                watch,
                16,
                "the same identity at two places is noticed by both within one round of comparison after they met, and"
                        + " the tables of others do not oscillate");
    }

    @Override
    void cloned(Host original, Host second) {
        clones.put(original, new Clone(second, watch.now()));
    }

    @Override
    void cloneNoticed(Host host) {
        clones.values().forEach(clone -> clone.noticed.add(host));
    }

    @Override
    void stopped(Host host) {
        clones.remove(host);
        clones.values().removeIf(clone -> clone.second == host);
    }

    @Override
    void changed(Host observer, MemberChange change) {
        @Nullable Host member = watch.find(change.member());
        @Nullable Clone clone = member == null ? null : clones.get(member);
        if (clone != null && !watch.isPardonedLately(observer)) {
            int changes = clone.changes.merge(observer, 1, Integer::sum);
            check(
                    changes <= MOST_CHANGES,
                    () -> observer + " has changed its mind about " + member + " " + changes
                            + " times since there are two");
        }
    }

    @Override
    void sampled() {
        List<Host> due = new ArrayList<>();
        clones.forEach((original, clone) -> {
            if (watch.now() - clone.at > 2 * watch.comparisonRound()) {
                due.add(original);
            }
        });
        for (Host original : due) {
            @Nullable Clone clone = clones.get(original);
            if (clone != null && original.isRunning() && clone.second.isRunning()) {
                check(clone.noticed.contains(original), () -> original + " does not notice its clone");
                check(clone.noticed.contains(clone.second), () -> "the clone of " + original + " does not notice it");
            }
        }
    }
}
