package io.culvert.proxy.frame;

/**
 * The server's application leg is gone; the connection may carry its next stream.
 *
 * @param nextOrdinal the ordinal that the next OPEN must have
 */
public record Ready(int nextOrdinal) implements Frame {
    public Ready {
        Wire.check(nextOrdinal >= 1 && nextOrdinal <= Limits.LAST_ORDINAL, "READY next ordinal", nextOrdinal);
    }

    @Override
    public FrameType type() {
        return FrameType.READY;
    }
}
