package io.culvert.proxy.tunnel;

import io.culvert.catalog.ServiceName;
import io.culvert.identity.SpiffeId;
import io.culvert.proxy.frame.AppTransport;
import io.culvert.proxy.frame.Open;
import java.util.Optional;

/**
 * A caller that was identified and wants a service.
 *
 * @param identification how the source is known: {@code socket}, {@code uid 1000}, {@code host}
 * @param transport of the socket it used
 * @param address where a TCP caller called from
 * @param shown the caller's address for logs
 */
public record Call(
        SpiffeId source,
        String identification,
        ServiceName destination,
        AppTransport transport,
        Optional<Open.Caller> address,
        String shown) {}
