package io.culvert.proxy.frame;

import java.util.HexFormat;

/** Sixteen bytes that name a connection or a stream in the logs of both hosts. */
public record Id128(long high, long low) {
    public static final int BYTES = 16;

    /** 32 hexadecimal digits. */
    @Override
    public String toString() {
        HexFormat hex = HexFormat.of();
        return hex.toHexDigits(high) + hex.toHexDigits(low);
    }
}
