package io.culvert.testbed.simulator.invariant;

import io.culvert.catalog.Liveness;
import io.culvert.gossip.core.Effect;
import io.culvert.gossip.membership.MemberChange;
import io.culvert.gossip.membership.MembershipPort;
import io.culvert.testbed.simulator.invariant.Intruded.Standing;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Invariant 13; that no owner's content changes is part of invariant 7. */
final class StrangersChangeNothing extends Invariant {
    private final Set<Host> saidGoodbye = new HashSet<>();

    StrangersChangeNothing(Watch watch) {
        super(
                watch,
                13,
                "what is forged or replayed without the key changes nothing; with the pool's key, but not the owner's,"
                        + " nobody who lives is made to have left");
    }

    @Override
    void started(Host host) {
        saidGoodbye.remove(host);
    }

    @Override
    void leaving(Host host) {
        saidGoodbye.add(host);
    }

    @Override
    void intruded(Host host, Intruded what) {
        if (what.standing() == Standing.KEYLESS) {
            List<Effect> wanted = what.effects().stream()
                    .filter(effect -> !isHarmless(effect))
                    .toList();
            check(
                    wanted.isEmpty() && !what.rootsChanged(),
                    () -> host + " does for a stranger without a key " + wanted
                            + (what.rootsChanged() ? ", and its tables have changed" : ""));
        }
    }

    // It is counted; and a host that wakes with this packet notices that it has slept.
    private static boolean isHarmless(Effect effect) {
        return effect instanceof Effect.Refused
                || effect instanceof Effect.Lagged
                || effect instanceof Effect.Notice noticed && noticed.notice() instanceof MembershipPort.Paused;
    }

    @Override
    void changed(Host observer, MemberChange change) {
        @Nullable Host member = watch.find(change.member());
        if (change.after() == Liveness.LEFT && member != null && member.isRunning()) {
            boolean sameLife = member.machine().ownWord().incarnation().epoch()
                    == change.incarnation().epoch();
            check(
                    !sameLife || saidGoodbye.contains(member),
                    () -> observer + " believes that " + member + " has left, which never said so");
        }
    }
}
