package io.culvert.identity;

import io.culvert.catalog.NodeName;

/** The agent of one host; also every local caller that is no declared service. */
public record AgentIdentity(TrustDomain trustDomain, String datacenter, NodeName node) implements SpiffeId {
    public AgentIdentity {
        Datacenters.check(datacenter);
    }

    @Override
    public String uri() {
        return trustDomain.uri() + "/agent/client/dc/" + datacenter + "/id/" + PathSegment.encode(node.folded());
    }

    @Override
    public String intentionSource() {
        return Intention.HOST + node.folded();
    }

    @Override
    public String subject() {
        return node.folded() + ".agent.client";
    }

    @Override
    public String toString() {
        return uri();
    }
}
