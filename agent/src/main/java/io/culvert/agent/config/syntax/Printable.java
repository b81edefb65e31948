package io.culvert.agent.config.syntax;

/** Foreign text made fit for a message: nothing in it can spoil a terminal or a log line. */
public final class Printable {
    private static final int LONGEST = 80;

    private Printable() {}

    /** At most 80 characters, line ends as {@code \\n}, everything else that cannot be seen as {@code ?}. */
    public static String of(String text) {
        StringBuilder safe = new StringBuilder();
        text.codePoints().limit(LONGEST).forEach(c -> {
            if (c == '\n') {
                safe.append("\\n");
            } else {
                safe.appendCodePoint(isUnseen(c) ? '?' : c);
            }
        });
        return text.codePointCount(0, text.length()) > LONGEST
                ? safe.append('…').toString()
                : safe.toString();
    }

    private static boolean isUnseen(int c) {
        int type = Character.getType(c);
        // Format characters turn the direction of text around: a file could show another name than it holds.
        return Character.isISOControl(c) || type == Character.SURROGATE || type == Character.FORMAT;
    }
}
