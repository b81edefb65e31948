package io.culvert.catalog;

import java.util.Locale;
import java.util.regex.Pattern;

/** Rules that names of services and nodes share. */
final class Names {
    /** Longest name that is stored; Consul sets no limit, a gossiped table needs one. */
    static final int LONGEST = 128;

    private static final Pattern DNS_LABEL = Pattern.compile("[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?");

    private Names() {}

    static boolean isDnsLabel(String text) {
        return DNS_LABEL.matcher(text).matches();
    }

    static String fold(String text) {
        return text.toLowerCase(Locale.ROOT);
    }

    /** Consul stores any non-empty name; control characters and slashes would break paths, logs and SPIFFE ids. */
    static void check(String what, String text) {
        if (text.isEmpty()
                || text.length() > LONGEST
                || text.chars().anyMatch(c -> c <= ' ' || c == '/' || c == 0x7f)) {
            throw new IllegalArgumentException(
                    what + ": '" + text.replaceAll("\\p{Cntrl}", "?") + "' (expected: 1 to " + LONGEST
                            + " characters without spaces, slashes and control characters; a DNS label to be found by name)");
        }
    }
}
