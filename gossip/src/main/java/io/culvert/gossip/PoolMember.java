package io.culvert.gossip;

import io.culvert.catalog.IpAddress;
import io.culvert.catalog.NodeId;

/**
 * A member of the pool as those need it who keep membership of their own, such as a store: by id, which is the same
 * across restarts and changes of address or name.
 *
 * @param server whether it carries the role of a server
 * @param tunnelPort of its TLS port, for everything agent to agent
 * @param epoch of its present start
 * @param reachable false while it is under suspicion; it may be back in a moment
 */
public record PoolMember(NodeId id, boolean server, IpAddress address, int tunnelPort, long epoch, boolean reachable) {
    PoolMember reachable(boolean isReachable) {
        return new PoolMember(id, server, address, tunnelPort, epoch, isReachable);
    }
}
