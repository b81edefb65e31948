package io.culvert.agent.join;

import io.culvert.catalog.NodeId;
import io.culvert.catalog.NodeName;
import io.culvert.identity.join.JoinTokenLedger;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Tokens, and which node key last joined under which name. Immutable and pure.
 *
 * @param hosts by name in lower case
 */
record JoinLedger(JoinTokenLedger tokens, Map<String, Joined> hosts) {
    static final JoinLedger EMPTY = new JoinLedger(JoinTokenLedger.EMPTY, Map.of());

    /** Ten times the largest pool that is aimed at. */
    private static final int MOST_HOSTS = 100_000;

    /**
     * Gossip makes a new host known within seconds; until then the ledger alone knows that its name is taken. A minute, and
     * the one by which certificates are backdated.
     */
    private static final Duration BECOMING_KNOWN = Duration.ofSeconds(120);

    JoinLedger {
        hosts = Map.copyOf(hosts);
    }

    /** @param since from when on the first certificate of this join is valid: whatever is older is of a host before */
    record Joined(NodeId node, Instant since) {}

    JoinLedger with(JoinTokenLedger next) {
        return new JoinLedger(next, hosts);
    }

    /** The host that joins under {@code name}. Throws {@link IllegalStateException} when there are too many. */
    JoinLedger joined(JoinTokenLedger next, NodeName name, Joined host) {
        Map<String, Joined> all = new HashMap<>(hosts);
        all.put(name.folded(), host);
        if (all.size() > MOST_HOSTS) {
            throw new IllegalStateException("more than " + MOST_HOSTS + " hosts have joined");
        }
        return new JoinLedger(next, all);
    }

    /** Why {@code node} may not have {@code name} now; empty: it may. */
    Optional<String> conflict(NodeName name, NodeId node, Optional<NodeId> liveHolder, Instant now) {
        Joined last = hosts.get(name.folded());
        if (liveHolder.isPresent() && !liveHolder.get().equals(node)) {
            return Optional.of("node name '" + name + "' is taken by another live agent, "
                    + liveHolder.get().toUuid() + " (choose another with --node, or stop that one first)");
        }
        if (last != null
                && !last.node().equals(node)
                && now.isBefore(last.since().plus(BECOMING_KNOWN))
                && liveHolder.isEmpty()) {
            return Optional.of("node name '" + name + "' was given to another host, "
                    + last.node().toUuid() + ", a moment ago (choose another with --node)");
        }
        return Optional.empty();
    }

    /** Whether another host took {@code name} after a certificate for it that is valid from {@code notBefore}. */
    boolean takenSince(NodeName name, Instant notBefore) {
        Joined last = hosts.get(name.folded());
        return last != null && last.since().isAfter(notBefore);
    }
}
