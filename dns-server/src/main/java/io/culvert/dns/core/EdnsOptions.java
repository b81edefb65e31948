package io.culvert.dns.core;

/** Options of EDNS (RFC 6891 section 6.1.2) that may be passed over without a closer look. */
final class EdnsOptions {
    private static final int COOKIE = 10; // RFC 7873; dig sends it unasked
    private static final int PADDING = 12; // RFC 7830
    private static final int CLIENT_COOKIE = 8;
    private static final int SHORTEST_BOTH_COOKIES = 16;
    private static final int LONGEST_BOTH_COOKIES = 40;
    private static final int OPTION_HEADER = 4;

    private EdnsOptions() {}

    /** Whether {@code bytes[from, to)} are well formed options that need no answer. */
    static boolean areCommon(byte[] bytes, int from, int to) {
        int at = from;
        while (at < to) {
            if (to - at < OPTION_HEADER) {
                return false;
            }
            int size = WireFormat.u16(bytes, at + Short.BYTES);
            if (!isCommon(WireFormat.u16(bytes, at), size) || size > to - at - OPTION_HEADER) {
                return false;
            }
            at += OPTION_HEADER + size;
        }
        return true;
    }

    private static boolean isCommon(int code, int size) {
        boolean cookie = size == CLIENT_COOKIE || size >= SHORTEST_BOTH_COOKIES && size <= LONGEST_BOTH_COOKIES;
        return code == PADDING || code == COOKIE && cookie;
    }
}
