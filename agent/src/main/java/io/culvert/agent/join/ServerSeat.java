package io.culvert.agent.join;

import io.culvert.agent.rpc.RpcTarget;
import io.culvert.identity.AgentIdentity;
import java.util.Optional;

/**
 * Where a server is and who must answer there: no other agent can take its place.
 *
 * @param address {@code host:port} of its TLS port
 */
public record ServerSeat(String address, AgentIdentity id) {
    public ServerSeat {
        RpcTarget target = RpcTarget.parse(address, Optional.of(id));
        address = target.address();
    }

    public RpcTarget target() {
        return RpcTarget.parse(address, Optional.of(id));
    }
}
