package io.culvert.agent.join;

import io.culvert.catalog.NodeName;
import io.culvert.gossip.identity.PoolLabel;
import io.culvert.identity.AgentIdentity;
import io.culvert.identity.TrustDomain;
import java.util.List;

/**
 * What a host knows of the mesh it belongs to. On disk, so that a restart needs no token.
 *
 * @param server whether this host is the mesh's server
 * @param servers where policy and certificates come from; on the server itself: its own seat
 * @param gossipSeeds {@code host:port} of members to begin with
 */
public record MeshMembership(
        TrustDomain trustDomain,
        String datacenter,
        NodeName node,
        boolean server,
        List<ServerSeat> servers,
        List<String> gossipSeeds) {
    public MeshMembership {
        servers = List.copyOf(servers);
        gossipSeeds = List.copyOf(gossipSeeds);
    }

    /** Who this host's agent is. */
    public AgentIdentity agent() {
        return new AgentIdentity(trustDomain, datacenter, node);
    }

    /** The gossip pool: one for each datacenter, so that two of them never flow into one. */
    public PoolLabel pool() {
        return new PoolLabel(trustDomain + "/" + datacenter);
    }
}
