package io.culvert.catalog;

/** Dotted quads. Strict: four decimal parts, no leading zeros, which some readers take for octal. */
final class Ipv4Text {
    private static final byte[] NONE = {};

    private Ipv4Text() {}

    /** Four bytes, or none when {@code text} is not a dotted quad. */
    static byte[] parse(String text) {
        byte[] bytes = new byte[4];
        int part = 0;
        int value = -1;
        for (int i = 0; i <= text.length(); i++) {
            char c = i < text.length() ? text.charAt(i) : '.';
            if (c == '.') {
                if (value < 0 || part == 4) {
                    return NONE;
                }
                bytes[part++] = (byte) value;
                value = -1;
            } else if (c >= '0' && c <= '9' && value != 0) {
                value = value < 0 ? c - '0' : value * 10 + c - '0';
                if (value > 255) {
                    return NONE;
                }
            } else {
                return NONE;
            }
        }
        return part == 4 ? bytes : NONE;
    }

    static String format(byte[] bytes) {
        return (bytes[0] & 0xff) + "." + (bytes[1] & 0xff) + "." + (bytes[2] & 0xff) + "." + (bytes[3] & 0xff);
    }
}
