package io.culvert.testbed.simulator.invariant;

import io.culvert.gossip.wire.Refusal;

/** Invariant 15; that nobody is held for dead meanwhile is part of invariant 3. */
final class RotationLosesNobody extends Invariant {
    RotationLosesNobody(Watch watch) {
        super(
                watch,
                15,
                "with one step of a rotation between hosts at most, no member refuses another's packet for its key");
    }

    @Override
    void refusedMember(Host observer, Refusal refusal) {
        check(
                refusal != Refusal.NOT_AUTHENTIC || watch.pardons().isDamaging(watch.now()),
                () -> observer + " refuses a member's packet as " + refusal);
    }
}
