package io.culvert.proxy.frame;

/**
 * The sender's direction has ended well.
 *
 * @param total DATA bytes sent in this direction; a receiver that counted otherwise must not report success
 */
public record Fin(int ordinal, long total) implements Frame {
    @Override
    public FrameType type() {
        return FrameType.FIN;
    }
}
