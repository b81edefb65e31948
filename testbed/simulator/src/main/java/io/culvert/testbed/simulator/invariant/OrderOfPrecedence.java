package io.culvert.testbed.simulator.invariant;

import io.culvert.catalog.Liveness;
import io.culvert.gossip.membership.MemberChange;
import org.jspecify.annotations.Nullable;

/** Invariant 2. */
final class OrderOfPrecedence extends Invariant {
    private static final int LIVENESS_BITS = 2;

    /** Epoch and liveness. */
    private final Pairs epochs = new Pairs();

    private final Pairs numbers = new Pairs();

    OrderOfPrecedence(Watch watch) {
        super(
                watch,
                2,
                "nobody goes back in SWIM's order for one (id, epoch, incarnation): the dead and gone need a larger one");
    }

    @Override
    void started(Host host) {
        epochs.clear(host);
        numbers.clear(host);
    }

    @Override
    void changed(Host observer, MemberChange change) {
        @Nullable Host member = watch.find(change.member());
        if (member == null) {
            return;
        }
        long before = epochs.get(observer, member);
        long number = numbers.get(observer, member);
        if (before != Pairs.NONE) {
            check(
                    isForward(before, number, change, observer),
                    () -> observer + " goes back from (" + (before >> LIVENESS_BITS) + ", " + number + ") "
                            + liveness(before) + " to " + change);
        }
        epochs.put(
                observer,
                member,
                change.incarnation().epoch() << LIVENESS_BITS | change.after().ordinal());
        numbers.put(observer, member, change.incarnation().number());
    }

    private static boolean isForward(long before, long number, MemberChange change, Host observer) {
        long epoch = before >> LIVENESS_BITS;
        int byEpoch = Long.compare(change.incarnation().epoch(), epoch);
        int order = byEpoch != 0 ? byEpoch : Long.compare(change.incarnation().number(), number);
        if (order != 0) {
            return order > 0;
        }
        Liveness was = liveness(before);
        // A freeze shows the dead as suspects again, and nothing else does.
        boolean frozen = was == Liveness.FAILED
                && change.after() == Liveness.SUSPECT
                && observer.machine().isFrozen();
        return change.after().compareTo(was) > 0 || frozen;
    }

    private static Liveness liveness(long packed) {
        return Liveness.values()[(int) (packed & (1 << LIVENESS_BITS) - 1)];
    }
}
