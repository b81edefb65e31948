package io.culvert.proxy.frame;

/** Answers a {@link Ping} with its bytes. */
public record Pong(long opaque) implements Frame {
    @Override
    public FrameType type() {
        return FrameType.PONG;
    }
}
