package io.culvert.agent.config.syntax;

/** Classes of characters, and how a message shows one. */
final class Characters {
    /** What {@link Cursor#peek} gives at the end. */
    static final int END = -1;

    private Characters() {}

    /** HCL 1: a letter or an underscore. */
    static boolean startsWord(int c) {
        return c == '_' || Character.isLetter(c);
    }

    /** HCL 1: letters, digits, underscores, dashes and dots. */
    static boolean continuesWord(int c) {
        return startsWord(c) || Character.isDigit(c) || c == '-' || c == '.';
    }

    static boolean isDigit(int c) {
        return c >= '0' && c <= '9';
    }

    static boolean isBlank(int c) {
        return c == ' ' || c == '\t' || c == '\r' || c == '\n';
    }

    /** One character in quotes, or its number when it cannot be seen. */
    static String show(int c) {
        if (c < ' ' || c == 0x7f || Character.isISOControl(c) || !Character.isDefined(c)) {
            return String.format("the character U+%04X", c);
        }
        return "'" + Character.toString(c) + "'";
    }
}
