package io.culvert.health.core;

import java.nio.charset.StandardCharsets;

/** Cuts reports to the size that a check keeps. Sizes are bytes of UTF-8; no character is cut in half. */
final class OutputText {
    private OutputText() {}

    /** The head, with Consul's mark for TTL reports. */
    static String head(String text, int most) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        if (bytes.length <= most) {
            return text;
        }
        int end = most;
        while (end > 0 && (bytes[end] & 0xC0) == 0x80) {
            end--;
        }
        return new String(bytes, 0, end, StandardCharsets.UTF_8) + " ... (captured " + end + " of " + bytes.length
                + " bytes)";
    }
}
