package io.culvert.proxy.frame;

import org.jspecify.annotations.Nullable;

/** First byte of a frame. */
public enum FrameType {
    HELLO(0x01, true),
    OPEN(0x02, false),
    OPENED(0x03, false),
    REFUSED(0x04, false),
    DATA(0x05, false),
    FIN(0x06, false),
    RESET(0x07, false),
    READY(0x08, true),
    GOAWAY(0x09, true),
    PING(0x0A, true),
    PONG(0x0B, true);

    private static final FrameType[] BY_CODE = new FrameType[0x0C];

    static {
        for (FrameType type : values()) {
            BY_CODE[type.code] = type;
        }
    }

    private final int code;
    private final boolean ofConnection;

    FrameType(int code, boolean ofConnection) {
        this.code = code;
        this.ofConnection = ofConnection;
    }

    public int code() {
        return code;
    }

    /** Whether its header names stream 0, the connection itself. */
    public boolean isOfConnection() {
        return ofConnection;
    }

    static @Nullable FrameType ofCode(int code) {
        return code >= 0 && code < BY_CODE.length ? BY_CODE[code] : null;
    }
}
