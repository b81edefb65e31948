package io.culvert.agent.rpc;

import io.culvert.agent.rpc.wire.RpcCodec;
import java.time.Duration;

/**
 * What callers under one server name may use up.
 *
 * @param longestFrame in bytes; a longer one ends the connection
 * @param mostInFlight requests of one connection that are not answered yet; more are answered OVERLOADED
 * @param mostConnections at once; more are closed
 * @param longestTimeout of a request, whatever the caller asks for
 * @param idle a connection with nothing under way is closed after this
 */
public record RpcLimits(
        int longestFrame, int mostInFlight, int mostConnections, Duration longestTimeout, Duration idle) {
    /** For agents that proved who they are: each holds one connection open for watching. */
    public static final RpcLimits MEMBERS =
            new RpcLimits(RpcCodec.LONGEST_FRAME, 64, 20_000, Duration.ofMinutes(2), Duration.ofMinutes(5));

    /** For strangers, who may do one small thing and are gone. */
    public static final RpcLimits STRANGERS =
            new RpcLimits(16_384, 2, 64, Duration.ofSeconds(10), Duration.ofSeconds(10));

    public RpcLimits {
        if (mostInFlight < 1 || mostConnections < 1) {
            throw new IllegalArgumentException("RPC limits: " + mostInFlight + " in flight, " + mostConnections
                    + " connections (expected: at least 1)");
        }
        if (longestTimeout.toMillis() < 1 || idle.toMillis() < 1) {
            throw new IllegalArgumentException(
                    "RPC limits: timeout " + longestTimeout + ", idle " + idle + " (expected: above 0)");
        }
    }
}
