package io.culvert.proxy.frame;

import io.culvert.catalog.IpAddress;
import java.util.Optional;

/**
 * Asks for a stream. Nothing in it says who asks: that is in the certificate.
 *
 * @param ordinal of the stream on this connection
 * @param transport of the socket that the caller used
 * @param flags bit 0: early data follows (not spoken yet)
 * @param caller address and port of a TCP caller
 * @param target name of the destination service
 * @param instanceId which instance of it; empty: any on that host
 * @param portName which of its ports; empty: the main one
 * @param traceId joins the access logs of both hosts
 * @param deadlineMillis time the server has to reach the application; 0: its own default
 * @param subset which subset of the service; empty: any
 */
public record Open(
        int ordinal,
        AppTransport transport,
        int flags,
        Optional<Caller> caller,
        String target,
        String instanceId,
        String portName,
        Id128 traceId,
        int deadlineMillis,
        String subset)
        implements Frame {
    public static final int VERSION = 1;
    public static final int FLAG_EARLY_DATA = 1;

    /** Longest target and instance id, in UTF-8 bytes. */
    public static final int LONGEST_NAME = 512;

    public Open {
        Wire.check(ordinal >= 1 && ordinal <= Limits.LAST_ORDINAL, "OPEN ordinal", ordinal);
        Wire.check(deadlineMillis >= 0, "OPEN deadline_ms", deadlineMillis);
    }

    /** Where a TCP caller called from. */
    public record Caller(IpAddress address, int port) {}

    @Override
    public FrameType type() {
        return FrameType.OPEN;
    }
}
