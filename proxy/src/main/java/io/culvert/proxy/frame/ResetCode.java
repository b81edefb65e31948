package io.culvert.proxy.frame;

/** Why a stream was broken off; the number stands in the frame. */
public enum ResetCode {
    PEER_RST(1),
    TIMEOUT(2),
    POLICY(3),
    REVOKED(4),
    DRAIN_DEADLINE(5),
    APP_ERROR(6),
    INTERNAL(7),
    LIMIT(8);

    private final int code;

    ResetCode(int code) {
        this.code = code;
    }

    public int code() {
        return code;
    }

    /** A code that this version does not know is some internal reason of the peer. */
    static ResetCode ofCode(int code) {
        Wire.check(code != 0, "RESET code", code);
        return code <= LIMIT.code ? values()[code - 1] : INTERNAL;
    }
}
