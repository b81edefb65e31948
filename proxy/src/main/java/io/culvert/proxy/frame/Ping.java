package io.culvert.proxy.frame;

/** Asks an idle connection whether it lives. */
public record Ping(long opaque) implements Frame {
    @Override
    public FrameType type() {
        return FrameType.PING;
    }
}
