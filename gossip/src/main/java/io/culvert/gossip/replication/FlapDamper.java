package io.culvert.gossip.replication;

import io.culvert.catalog.CheckState;
import io.culvert.catalog.NodeContent;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What of the own content may be told now. Bad news at once; that an instance has recovered only five seconds after it
 * was last said to have recovered. So one that flaps costs the pool two changes in five seconds, whatever its pace, and
 * who listens errs on the side of not using it. Bounded by the own instances.
 */
final class FlapDamper {
    /** Long enough that a flapping check costs little, short enough that nobody waits for a recovered instance. */
    static final long QUIET_NANOS = 5_000_000_000L;

    private final Map<String, Long> recoveredAt = new HashMap<>();

    /**
     * What may be told.
     *
     * @param dueAt when more may be told; {@link Long#MAX_VALUE}: this is all
     * @param recovering instances that are better by it
     */
    record Damped(NodeContent content, long dueAt, Set<String> recovering) {}

    /** @param told what was told last */
    Damped damp(NodeContent wanted, @Nullable NodeContent told, long nowNanos) {
        recoveredAt.values().removeIf(at -> nowNanos - at >= QUIET_NANOS);
        Map<String, CheckState> before = new HashMap<>();
        if (told != null) {
            told.checks().forEach(check -> before.put(check.id(), check));
        }
        List<CheckState> checks = new ArrayList<>();
        Set<String> recovering = new HashSet<>();
        long dueAt = Long.MAX_VALUE;
        for (CheckState check : wanted.checks()) {
            CheckState last = before.get(check.id());
            boolean better = last != null && check.status().compareTo(last.status()) < 0;
            Long recovered = better ? recoveredAt.get(check.serviceId()) : null;
            if (last != null && recovered != null) {
                checks.add(check.withStatus(last.status()));
                dueAt = Math.min(dueAt, recovered + QUIET_NANOS);
            } else {
                checks.add(check);
                if (better) {
                    recovering.add(check.serviceId());
                }
            }
        }
        NodeContent content =
                dueAt == Long.MAX_VALUE ? wanted : new NodeContent(wanted.node(), wanted.services(), checks);
        return new Damped(content, dueAt, recovering);
    }

    /** {@code damped} was told. */
    void told(Damped damped, long nowNanos) {
        damped.recovering().forEach(instance -> recoveredAt.put(instance, nowNanos));
    }
}
