package io.culvert.catalog;

import java.util.Map;

/**
 * A host as its agent declares it.
 *
 * @param address where other hosts reach it
 * @param tunnelPort its one TLS port, for everything agent to agent
 * @param server whether it carries the role of a server (policy, certificates)
 * @param version of the agent, for people
 */
public record NodeRecord(
        NodeId id,
        NodeName name,
        IpAddress address,
        String datacenter,
        Map<String, String> meta,
        int tunnelPort,
        boolean server,
        String version) {
    public NodeRecord {
        meta = Map.copyOf(meta);
    }
}
