package io.culvert.proxy.frame;

/**
 * The application has accepted.
 *
 * @param transport of the socket to the application
 * @param connectMicros how long reaching it took
 */
public record Opened(int ordinal, AppTransport transport, int connectMicros) implements Frame {
    public Opened {
        Wire.check(connectMicros >= 0, "OPENED connect_us", connectMicros);
    }

    @Override
    public FrameType type() {
        return FrameType.OPENED;
    }
}
