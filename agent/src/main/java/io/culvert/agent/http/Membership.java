package io.culvert.agent.http;

import io.culvert.gossip.MemberView;
import java.util.List;
import java.util.Optional;

/** The pool, as the API shows and steers it. Any thread. */
public interface Membership {
    /** Every member, this one included; a copy. */
    List<MemberView> members();

    /** Contacts a member by {@code host} or {@code host:port}. May block for some seconds. The problem, if there is one. */
    Optional<String> join(String address);

    /**
     * Gives a member up that failed and will not come back.
     *
     * @param prune also forgets that it ever was there
     * @return false: no such member
     */
    boolean forceLeave(String nodeName, boolean prune);

    /** {@code address:port} of the server that decides on policy and certificates; empty when none is known. */
    Optional<String> leader();

    /** {@code address:port} of every server. */
    List<String> servers();
}
