package io.culvert.proxy.frame;

/** Why a connection takes no further stream. */
public enum GoAwayReason {
    IDLE(1),
    AGE(2),
    IDENTITY_CHANGED(3),
    DRAINING(4);

    private final int code;

    GoAwayReason(int code) {
        this.code = code;
    }

    public int code() {
        return code;
    }
}
