package io.culvert.gossip.wire;

import org.jspecify.annotations.Nullable;

/**
 * Every frame of the protocol by its number on the wire. A frame is {@code type u8, length u16, body}; datagrams and
 * stream messages are lists of them. Unknown numbers are skipped, so that a newer peer may say more.
 */
public enum FrameType {
    PING(1),
    ACK(2),
    PING_REQUEST(3),
    NACK(4),

    ALIVE(10),
    LEFT(11),
    SUSPECT(12),
    DEAD(13),
    /** An operator's word that a dead member will not come back. */
    FORGET(14),

    HEAD(20),
    DELTA(21),
    PULL(22),
    REPAIR(23),

    SYNC_REQUEST(30),
    /** Which members one side holds: identity and incarnation of each. */
    MEMBER_DIGEST(31),
    /** Which members one side wants to be told about. */
    MEMBER_WANT(32),
    /** Which owners' contents one side holds. */
    CONTENT_DIGEST(33),
    /** Sums of some nodes of the asker's content tree. */
    TREE_QUERY(34),
    /** Sums of a node's children. */
    TREE_SUMS(35),
    SYNC_DONE(36),
    BUSY(37),
    /** Whose network coordinates one side wants. */
    COORDINATE_WANT(38),
    COORDINATES(39);

    /** Bytes before the body. */
    public static final int HEADER_BYTES = 3;

    private static final @Nullable FrameType[] BY_CODE = new @Nullable FrameType[256];

    static {
        for (FrameType type : values()) {
            BY_CODE[type.code] = type;
        }
    }

    private final int code;

    FrameType(int code) {
        this.code = code;
    }

    public int code() {
        return code;
    }

    static @Nullable FrameType of(int code) {
        return BY_CODE[code];
    }

    /** Whether the replication machine reads the body. */
    public boolean isContent() {
        return this == HEAD || this == DELTA || this == PULL || this == REPAIR;
    }
}
