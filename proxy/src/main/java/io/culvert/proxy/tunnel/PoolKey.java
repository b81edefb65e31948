package io.culvert.proxy.tunnel;

import io.culvert.identity.ServiceIdentity;
import io.culvert.identity.SpiffeId;
import java.net.InetSocketAddress;

/**
 * Streams may share a connection one after the other only if all of this is the same.
 *
 * @param agent address of the other agent's TLS port
 */
record PoolKey(
        SpiffeId source, ServiceIdentity destination, InetSocketAddress agent, ClientContexts.Generation generation) {}
