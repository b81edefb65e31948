package io.culvert.proxy.frame;

/**
 * The stream is broken off.
 *
 * @param sent DATA bytes sent in this direction before it
 */
public record Reset(int ordinal, ResetCode code, long sent) implements Frame {
    @Override
    public FrameType type() {
        return FrameType.RESET;
    }
}
