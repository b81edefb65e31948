package io.culvert.proxy.tunnel;

import io.culvert.identity.CertificateSource;
import io.culvert.proxy.ProxySettings;
import io.culvert.proxy.frame.Id128;
import io.culvert.proxy.relay.Dialer;
import io.culvert.proxy.relay.Wiring;
import io.culvert.proxy.tls.Strangers;
import java.util.Set;
import java.util.function.Supplier;

/**
 * What connections coming in share. Immutable; each part says which threads may use it.
 *
 * @param tunnels all that are open; a concurrent set
 */
record InboundParts(
        ProxySettings settings,
        CertificateSource certificates,
        Supplier<LocalInstances> local,
        Wiring wiring,
        Dialer dialer,
        StreamBook book,
        Strangers strangers,
        Set<ServerTunnel> tunnels,
        Supplier<Id128> ids,
        long incarnation) {}
