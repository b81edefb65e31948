package io.culvert.proxy.tunnel;

import io.culvert.catalog.ServiceName;
import io.culvert.identity.SpiffeId;
import io.culvert.proxy.StreamRecord;
import io.culvert.proxy.frame.AppTransport;
import io.culvert.proxy.frame.Id128;
import io.culvert.proxy.frame.Open;
import java.time.Duration;
import java.time.Instant;
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
        String shown) {
    /** How the stream of this call begins in the log. */
    StreamRecord stream(Id128 traceId, Instant now) {
        return new StreamRecord(
                traceId.toString(), StreamRecord.Direction.OUT, source, identification, shown, destination, now);
    }

    /** What asks an instance for a stream. */
    Open open(int ordinal, String instanceId, Id128 traceId, Duration budget) {
        int millis = Math.toIntExact(budget.toMillis());
        return new Open(ordinal, transport, 0, address, destination.text(), instanceId, "", traceId, millis, "");
    }
}
