package io.culvert.proxy.frame;

/** Why an OPEN was refused; the number stands in the frame. */
public enum RefusalCode {
    NOT_AUTHORIZED(1, Refused.Retry.NO),
    UNKNOWN_SERVICE(2, Refused.Retry.OTHER_INSTANCE),
    UNKNOWN_INSTANCE(3, Refused.Retry.OTHER_INSTANCE),
    CONNECT_REFUSED(4, Refused.Retry.OTHER_INSTANCE),
    CONNECT_TIMEOUT(5, Refused.Retry.OTHER_INSTANCE),
    OVERLOAD(6, Refused.Retry.OTHER_INSTANCE),
    DRAINING(7, Refused.Retry.OTHER_INSTANCE),
    BAD_FRAME(8, Refused.Retry.NO),
    IDENTITY_EXPIRED(9, Refused.Retry.NEW_CONNECTION),
    UNHEALTHY(10, Refused.Retry.OTHER_INSTANCE),
    UNSUPPORTED(11, Refused.Retry.NO),
    LOOP(12, Refused.Retry.NO);

    private final int code;
    private final Refused.Retry retry;

    RefusalCode(int code, Refused.Retry retry) {
        this.code = code;
        this.retry = retry;
    }

    public int code() {
        return code;
    }

    /** What a client may do after it. */
    public Refused.Retry retry() {
        return retry;
    }

    static RefusalCode ofCode(int code) {
        Wire.check(code != 0, "REFUSED code", code);
        return code <= LOOP.code ? values()[code - 1] : UNSUPPORTED;
    }
}
