package io.culvert.identity;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;

/** One segment of an id's path: SPIFFE's own characters as they are, every other byte as {@code %XX}. */
final class PathSegment {
    private static final HexFormat HEX = HexFormat.of().withUpperCase();

    private PathSegment() {}

    static String encode(String text) {
        StringBuilder encoded = new StringBuilder(text.length());
        // A segment of dots alone means "here" or "up" to a URI, never a name.
        boolean dots = text.chars().allMatch(c -> c == '.');
        for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
            if (isPlain(b) && !dots) {
                encoded.append((char) b);
            } else {
                encoded.append('%').append(HEX.toHexDigits(b));
            }
        }
        return encoded.toString();
    }

    static String decode(String segment) {
        byte[] bytes = new byte[segment.length()];
        int length = 0;
        for (int at = 0; at < segment.length(); at++) {
            char c = segment.charAt(at);
            if (c == '%' && at + 2 < segment.length()) {
                bytes[length++] = (byte) HexFormat.fromHexDigits(segment, at + 1, at + 3);
                at += 2;
            } else if (c < 0x80 && isPlain((byte) c)) {
                bytes[length++] = (byte) c;
            } else {
                throw malformed(segment);
            }
        }
        return utf8(segment, bytes, length);
    }

    private static String utf8(String segment, byte[] bytes, int length) {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes, 0, length))
                    .toString();
        } catch (CharacterCodingException e) {
            throw malformed(segment);
        }
    }

    private static IllegalArgumentException malformed(String segment) {
        return new IllegalArgumentException("path segment: '" + Printable.of(segment)
                + "' (expected: letters, digits, dots, dashes and underscores, others as %XX)");
    }

    private static boolean isPlain(byte b) {
        return b >= 'a' && b <= 'z' || b >= 'A' && b <= 'Z' || b >= '0' && b <= '9' || b == '.' || b == '-' || b == '_';
    }
}
