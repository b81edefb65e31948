package io.culvert.agent.rpc;

import io.culvert.identity.SpiffeId;
import java.net.InetSocketAddress;
import java.util.Optional;

/**
 * Who asks.
 *
 * @param id from the verified certificate; empty for a host that has none yet
 */
public record RpcPeer(Optional<SpiffeId> id, InetSocketAddress address) {
    @Override
    public String toString() {
        return id.map(SpiffeId::uri).orElse("stranger") + " at "
                + address.getAddress().getHostAddress();
    }
}
