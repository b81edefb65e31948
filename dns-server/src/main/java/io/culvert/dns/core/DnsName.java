package io.culvert.dns.core;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;

/** A domain name known to fit the wire: labels of 1 to 63 bytes, 255 bytes in all (RFC 1035 section 3.1). */
final class DnsName {
    static final int LONGEST = 255;
    static final int LONGEST_LABEL = 63;
    static final DnsName ROOT = new DnsName(new byte[] {0});

    private final byte[] wire;

    private DnsName(byte[] wire) {
        this.wire = wire;
    }

    /**
     * The name of dotted {@code text}, whose final dot may be missing; nothing when it does not fit the wire or holds
     * more than visible ASCII characters.
     */
    static Optional<DnsName> of(String text) {
        String dotted = text.endsWith(".") ? text.substring(0, text.length() - 1) : text;
        byte[] characters = dotted.getBytes(StandardCharsets.US_ASCII);
        if (characters.length == 0
                || characters.length > LONGEST - 2
                || !dotted.chars().allMatch(c -> c > ' ' && c < 0x7f)) {
            return Optional.empty();
        }
        byte[] wire = new byte[characters.length + 2];
        int lengthAt = 0;
        for (int i = 0; i <= characters.length; i++) {
            if (i < characters.length && characters[i] != '.') {
                wire[i + 1] = characters[i];
                continue;
            }
            int length = i - lengthAt;
            if (length == 0 || length > LONGEST_LABEL) {
                return Optional.empty();
            }
            wire[lengthAt] = (byte) length;
            lengthAt = i + 1;
        }
        return Optional.of(new DnsName(wire));
    }

    /** For text that was checked before. */
    static DnsName known(String text) {
        return of(text).orElseThrow(() -> new IllegalStateException("not a domain name: " + text));
    }

    /** The uncompressed form. The caller must not write to it. */
    byte[] wire() {
        return wire;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof DnsName name && Arrays.equals(wire, name.wire);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(wire);
    }

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder();
        for (int at = 0; wire[at] != 0; at += wire[at] + 1) {
            text.append(new String(wire, at + 1, wire[at], StandardCharsets.ISO_8859_1))
                    .append('.');
        }
        return text.length() == 0 ? "." : text.toString();
    }
}
