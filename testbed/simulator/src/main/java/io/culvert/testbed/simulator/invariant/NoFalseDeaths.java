package io.culvert.testbed.simulator.invariant;

import io.culvert.catalog.Liveness;
import io.culvert.gossip.membership.MemberChange;
import org.jspecify.annotations.Nullable;

/** Invariant 3. */
final class NoFalseDeaths extends Invariant {
    NoFalseDeaths(Watch watch) {
        super(
                watch,
                3,
                "no living host is held for dead: at up to 25 % loss, and whatever befalls others, the budget is zero;"
                        + " excused are hosts that are cut off, paused, starved, cloned or lose more");
    }

    @Override
    void changed(Host observer, MemberChange change) {
        @Nullable Host member = watch.find(change.member());
        if (change.after() != Liveness.FAILED || member == null || !isSameLife(member, change)) {
            return;
        }
        check(
                watch.isPardonedLately(observer) || watch.isPardonedLately(member),
                () -> observer + " takes " + member + " for dead, which lives: " + change.reason());
    }

    private static boolean isSameLife(Host member, MemberChange change) {
        return member.isRunning()
                && member.machine().ownWord().incarnation().epoch()
                        == change.incarnation().epoch();
    }
}
