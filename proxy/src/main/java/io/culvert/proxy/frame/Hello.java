package io.culvert.proxy.frame;

/**
 * First frame in both directions.
 *
 * @param version of the protocol; 1
 * @param flags none defined; sent as 0, ignored on receipt
 * @param incarnation of the agent: grows with each start, so that a peer sees a restart
 * @param maxFrame longest DATA payload that the sender accepts, in bytes: 1,024 to {@link Limits#DATA}
 * @param features bits of {@link #FEATURE_MUX} and its successors; a feature is in use when both ends name it
 * @param idleMillis after which the sender closes a connection without stream; 0: not said
 * @param maxLifeMillis after which the sender retires the connection; 0: not said
 * @param connectionId for logs on both hosts
 */
public record Hello(
        int version,
        int flags,
        long incarnation,
        int maxFrame,
        long features,
        int idleMillis,
        int maxLifeMillis,
        Id128 connectionId)
        implements Frame {
    public static final int VERSION = 1;

    /** Several streams at once on one connection: reserved, not spoken yet. */
    public static final long FEATURE_MUX = 1;

    /** The least {@code maxFrame} that a peer may ask for: below it the headers outweigh the data. */
    public static final int LEAST_MAX_FRAME = 1_024;

    public Hello {
        Wire.check(version == VERSION, "HELLO version", version);
        Wire.check(maxFrame >= LEAST_MAX_FRAME && maxFrame <= Limits.DATA, "HELLO max_frame", maxFrame);
        Wire.check(idleMillis >= 0, "HELLO idle_ms", idleMillis);
        Wire.check(maxLifeMillis >= 0, "HELLO max_life_ms", maxLifeMillis);
    }

    @Override
    public FrameType type() {
        return FrameType.HELLO;
    }
}
