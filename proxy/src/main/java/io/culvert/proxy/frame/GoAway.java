package io.culvert.proxy.frame;

/**
 * No further stream on this connection.
 *
 * @param reason for logs: a {@link GoAwayReason} or a newer number
 * @param graceMillis how long the present stream may go on
 */
public record GoAway(int reason, int graceMillis) implements Frame {
    public GoAway {
        Wire.check(reason >= 0 && reason <= 0xffff, "GOAWAY reason", reason);
        Wire.check(graceMillis >= 0, "GOAWAY grace_ms", graceMillis);
    }

    @Override
    public FrameType type() {
        return FrameType.GOAWAY;
    }
}
