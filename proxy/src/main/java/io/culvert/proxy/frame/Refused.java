package io.culvert.proxy.frame;

/**
 * The stream is not opened.
 *
 * @param code why; a code this version does not know is kept as {@link RefusalCode#UNSUPPORTED}
 * @param retryable what the client may do next
 * @param message for people, at most {@link Limits#MESSAGE} bytes of UTF-8
 */
public record Refused(int ordinal, RefusalCode code, Retry retryable, String message) implements Frame {
    /** What the client may try. */
    public enum Retry {
        NO,
        OTHER_INSTANCE,
        NEW_CONNECTION
    }

    public static Refused of(int ordinal, RefusalCode code, String message) {
        return new Refused(ordinal, code, code.retry(), message);
    }

    @Override
    public FrameType type() {
        return FrameType.REFUSED;
    }
}
