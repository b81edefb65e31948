package io.culvert.testbed.simulator.invariant;

import io.culvert.catalog.NodeId;
import io.culvert.gossip.membership.MemberChange;
import org.jspecify.annotations.Nullable;

/** Invariant 9; that a partition heals is what agreement means. */
final class NobodyIsForgottenEarly extends Invariant {
    private static final long BORNE = 71L * 3_600 * 1_000_000_000L;

    private final Pairs unreachableSince = new Pairs();

    NobodyIsForgottenEarly(Watch watch) {
        super(
                watch,
                9,
                "a partition of up to 71 h heals by itself; until then nobody deletes what the others have, but"
                        + " flags it");
    }

    @Override
    void started(Host host) {
        unreachableSince.clear(host);
    }

    @Override
    void changed(Host observer, MemberChange change) {
        @Nullable Host member = watch.find(change.member());
        if (member != null) {
            boolean already = unreachableSince.get(observer, member) != Pairs.NONE;
            if (change.after().isRoutable()) {
                unreachableSince.put(observer, member, Pairs.NONE);
            } else if (!already) {
                unreachableSince.put(observer, member, watch.now());
            }
        }
    }

    @Override
    void forgotten(Host observer, NodeId id) {
        @Nullable Host member = watch.find(id);
        if (member != null) {
            long since = unreachableSince.get(observer, member);
            check(
                    since != Pairs.NONE && watch.now() - since > BORNE,
                    () -> observer + " forgets " + member
                            + (since == Pairs.NONE
                                    ? ", which it could reach"
                                    : " after " + (watch.now() - since) / 1_000_000_000L + " s"));
        }
    }
}
