package io.culvert.proxy;

import io.culvert.catalog.ServiceName;
import io.culvert.identity.SpiffeId;
import java.time.Instant;

/**
 * What is known of a stream when it begins.
 *
 * @param traceId 32 hexadecimal digits, the same at both agents
 * @param source who calls
 * @param identification how that is known: {@code socket}, {@code uid 1000}, {@code host} or {@code certificate}
 * @param caller the caller's address, or the other agent's for an incoming stream
 * @param started by the calendar
 */
public record StreamRecord(
        String traceId,
        Direction direction,
        SpiffeId source,
        String identification,
        String caller,
        ServiceName destination,
        Instant started) {

    /** Which way a stream goes, seen from this agent. */
    public enum Direction {
        /** From a caller on this host to another host. */
        OUT,
        /** From another host to an application on this one. */
        IN
    }
}
