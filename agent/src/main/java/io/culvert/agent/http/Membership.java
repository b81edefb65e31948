package io.culvert.agent.http;

import io.culvert.agent.pool.Hint;
import io.culvert.agent.pool.PoolHints;
import io.culvert.agent.pool.PoolWatch;
import io.culvert.catalog.NodeId;
import io.culvert.gossip.JoinStatus;
import io.culvert.gossip.MemberView;
import io.culvert.gossip.wire.Coordinate;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The pool, as the API shows and steers it. Any thread. */
public interface Membership {
    /** Every member, this one included; a copy. */
    List<MemberView> members();

    /** Contacts a member by {@code host} or {@code host:port}. May block for some seconds. The problem, if there is one. */
    Optional<String> join(String address);

    /**
     * Gives a member up that failed and will not come back, here and everywhere. May block for some seconds.
     *
     * @param node its name, or its id when a name is not enough
     * @param prune also takes it out of this agent's list of members at once
     */
    ForceLeave forceLeave(String node, boolean prune);

    /** What came of giving a member up. */
    enum ForceLeave {
        DONE,
        /** It had left before. */
        LEFT_BEFORE,
        /** It takes part: only the failed can be given up. */
        PRESENT,
        UNKNOWN,
        /** The pool did not do it in time. */
        UNANSWERED
    }

    /** Where everybody is in the network, as far as it is known; a copy. */
    Map<NodeId, Coordinate> coordinates();

    /** What is wrong with the pool, and how the search for it goes; a moment's copy. */
    PoolState pool();

    /**
     * @param members everybody, this one included
     * @param hints most urgent first
     */
    record PoolState(List<MemberView> members, PoolWatch.State watch, JoinStatus join, List<Hint> hints) {
        public PoolState {
            members = List.copyOf(members);
            hints = List.copyOf(hints);
        }

        /** With the hints that follow from all that. */
        public static PoolState of(
                List<MemberView> members, JoinStatus join, PoolWatch.State watch, List<String> tuningWarnings) {
            return new PoolState(members, watch, join, PoolHints.of(members, join, watch, tuningWarnings));
        }
    }

    /** {@code address:port} of the server that decides on policy and certificates; empty when none is known. */
    Optional<String> leader();

    /** {@code address:port} of every server. */
    List<String> servers();
}
