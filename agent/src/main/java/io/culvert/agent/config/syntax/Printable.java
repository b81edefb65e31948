package io.culvert.agent.config.syntax;

import org.jspecify.annotations.Nullable;

/** Foreign text made fit for a message: nothing in it can spoil a terminal or a log line. */
public final class Printable {
    private static final int LONGEST = 80;

    private Printable() {}

    /** A word or a value: at most 80 characters of it. */
    public static String of(String text) {
        boolean tooLong = text.codePointCount(0, text.length()) > LONGEST;
        return tooLong ? clean(text.substring(0, text.offsetByCodePoints(0, LONGEST))) + "…" : clean(text);
    }

    /** A whole message of our own making that may quote something foreign: not cut. */
    public static String message(@Nullable String text) {
        return text == null ? "no reason given" : clean(text);
    }

    /** Line ends become {@code \\n}, everything else that cannot be seen {@code ?}. */
    private static String clean(String text) {
        StringBuilder safe = new StringBuilder();
        text.codePoints().forEach(c -> {
            if (c == '\n') {
                safe.append("\\n");
            } else {
                safe.appendCodePoint(isUnseen(c) ? '?' : c);
            }
        });
        return safe.toString();
    }

    private static boolean isUnseen(int c) {
        int type = Character.getType(c);
        // Format characters turn the direction of text around: a file could show another name than it holds.
        return Character.isISOControl(c) || type == Character.SURROGATE || type == Character.FORMAT;
    }
}
