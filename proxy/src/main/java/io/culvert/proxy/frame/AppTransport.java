package io.culvert.proxy.frame;

/** The kind of a local socket. */
public enum AppTransport {
    TCP(1),
    UNIX(2);

    private final int code;

    AppTransport(int code) {
        this.code = code;
    }

    public int code() {
        return code;
    }

    static AppTransport ofCode(int code) {
        Wire.check(code == 1 || code == 2, "transport", code);
        return code == 1 ? TCP : UNIX;
    }
}
