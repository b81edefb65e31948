package io.culvert.testbed.simulator.invariant;

import io.culvert.gossip.membership.MemberChange;
import io.culvert.gossip.wire.Incarnation;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Invariant 1. */
final class OwnIncarnationGrows extends Invariant {
    private final Map<Host, Incarnation> last = new HashMap<>();
    private final Map<Host, Behind> behind = new HashMap<>();

    /** A start below what the pool knows of the host, and since when it has had company to learn that from. */
    private record Behind(Incarnation known, long since) {}

    OwnIncarnationGrows(Watch watch) {
        super(
                watch,
                1,
                "nobody reports itself dead; the own (epoch, incarnation) grows with every start, and never shrinks;"
                        + " who lost its disk and has a slow clock learns it within two rounds of comparison");
    }

    @Override
    void started(Host host) {
        Incarnation now = own(host);
        @Nullable Incarnation before = last.put(host, now);
        if (before != null && !now.isNewerThan(before)) {
            check(!host.remembersEpoch(), () -> host + " starts as " + now + " after " + before);
            behind.put(host, new Behind(before, watch.now()));
        }
    }

    @Override
    void stopped(Host host) {
        look(host);
        @Nullable Behind unsettled = behind.remove(host);
        if (unsettled != null && !own(host).isNewerThan(unsettled.known)) {
            last.put(host, unsettled.known);
        }
    }

    @Override
    void sampled() {
        for (Host host : watch.running()) {
            look(host);
            lookBehind(host);
        }
    }

    private void look(Host host) {
        Incarnation now = own(host);
        @Nullable Incarnation before = last.put(host, now);
        check(before == null || now.compareTo(before) >= 0, () -> host + " is " + now + " after " + before);
    }

    private void lookBehind(Host host) {
        @Nullable Behind unsettled = behind.get(host);
        if (unsettled == null) {
            return;
        }
        if (own(host).isNewerThan(unsettled.known)) {
            behind.remove(host);
        } else if (host.machine().members() == 1 || watch.isPardonedLately(host)) {
            behind.put(host, new Behind(unsettled.known, watch.now()));
        } else {
            check(
                    watch.now() - unsettled.since <= 2 * watch.comparisonRound(),
                    () -> host + " is still " + own(host) + " though the pool knew it as " + unsettled.known);
        }
    }

    private static Incarnation own(Host host) {
        return host.machine().ownWord().incarnation();
    }

    @Override
    void changed(Host observer, MemberChange change) {
        check(!change.member().equals(observer.id()), () -> observer + " reports itself " + change.after());
    }
}
