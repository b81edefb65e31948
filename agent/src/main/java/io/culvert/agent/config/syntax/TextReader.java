package io.culvert.agent.config.syntax;

import static io.culvert.agent.config.syntax.Characters.END;

/** Reads quoted text of both dialects. The cursor stands on the opening quote. */
final class TextReader {
    private final Cursor cursor;
    private final boolean json;

    TextReader(Cursor cursor, boolean json) {
        this.cursor = cursor;
        this.json = json;
    }

    String quoted() throws SyntaxFailure {
        Position opening = cursor.position();
        cursor.next();
        StringBuilder text = new StringBuilder();
        while (true) {
            int c = cursor.peek();
            if (c == '"') {
                cursor.next();
                return text.toString();
            }
            if (c == END || c == '\n') {
                throw new SyntaxFailure(
                        opening,
                        "this string is never closed: found " + cursor.describe() + ", expected '\"'",
                        c == END ? SyntaxFailure.Kind.FATAL : SyntaxFailure.Kind.SKIP_LINE);
            }
            if (c == '\\') {
                escape(text);
            } else if (!json && cursor.looksAt("${")) {
                interpolation(text);
            } else {
                plain(text, c);
            }
        }
    }

    private void plain(StringBuilder text, int c) throws SyntaxFailure {
        if (c == 0 || (json && c < ' ')) {
            throw new SyntaxFailure(
                    cursor.position(),
                    "found " + Characters.show(c) + " in a string, expected it as an escape such as \\n");
        }
        text.appendCodePoint(cursor.next());
    }

    /** HCL 1 keeps {@code ${…}} whole, quotes inside it included. Nothing is evaluated. */
    private void interpolation(StringBuilder text) throws SyntaxFailure {
        Position opening = cursor.position();
        int start = cursor.offset();
        cursor.skip(2);
        int depth = 1;
        while (depth > 0) {
            int c = cursor.peek();
            if (c == END || c == '\n' || c == 0) {
                throw new SyntaxFailure(opening, "'${' is never closed on its line, expected '}'");
            }
            cursor.next();
            depth += c == '{' ? 1 : c == '}' ? -1 : 0;
        }
        text.append(cursor.since(start));
    }

    private void escape(StringBuilder text) throws SyntaxFailure {
        Position position = cursor.position();
        cursor.next();
        int c = cursor.next();
        switch (c) {
            case '"', '\\' -> text.appendCodePoint(c);
            case 'b' -> text.append('\b');
            case 'f' -> text.append('\f');
            case 'n' -> text.append('\n');
            case 'r' -> text.append('\r');
            case 't' -> text.append('\t');
            case 'u' -> unicode(text, 4, position);
            default -> dialectEscape(text, c, position);
        }
    }

    private void dialectEscape(StringBuilder text, int c, Position position) throws SyntaxFailure {
        if (json && c == '/') {
            text.append('/');
        } else if (!json && c == 'a') {
            text.append('\u0007');
        } else if (!json && c == 'v') {
            text.append('\u000b');
        } else if (!json && c == 'x') {
            append(text, digits(2, 16, position), position);
        } else if (!json && c == 'U') {
            unicode(text, 8, position);
        } else if (!json && c >= '0' && c <= '7') {
            append(text, (c - '0') * 64 + digits(2, 8, position), position);
        } else {
            throw new SyntaxFailure(
                    position,
                    "unknown escape '\\" + (c == END || c < ' ' ? "" : Character.toString(c))
                            + "' in a string (a backslash itself is written \\\\)");
        }
    }

    private void unicode(StringBuilder text, int length, Position position) throws SyntaxFailure {
        int number = digits(length, 16, position);
        if (json && number >= 0xD800 && number <= 0xDBFF && cursor.looksAt("\\u")) {
            cursor.skip(2);
            int low = digits(4, 16, position);
            if (low < 0xDC00 || low > 0xDFFF) {
                throw badCodePoint(position);
            }
            number = Character.toCodePoint((char) number, (char) low);
        }
        append(text, number, position);
    }

    private static void append(StringBuilder text, int codePoint, Position position) throws SyntaxFailure {
        // A NUL would cut paths and arguments short in the kernel; a lone surrogate has no UTF-8 form.
        if (codePoint <= 0 || codePoint > 0x10FFFF || (codePoint >= 0xD800 && codePoint <= 0xDFFF)) {
            throw badCodePoint(position);
        }
        text.appendCodePoint(codePoint);
    }

    private static SyntaxFailure badCodePoint(Position position) {
        return new SyntaxFailure(
                position, "this escape is no character (expected: U+0001 to U+10FFFF, no half of a pair)");
    }

    private int digits(int length, int radix, Position position) throws SyntaxFailure {
        long number = 0;
        for (int i = 0; i < length; i++) {
            int c = cursor.peek();
            int digit = c < 128 ? Character.digit(c, radix) : -1;
            if (digit < 0) {
                throw new SyntaxFailure(
                        position,
                        "an escape of too few digits: found " + cursor.describe() + ", expected " + length
                                + (radix == 16 ? " hexadecimal digits" : " more octal digits"));
            }
            cursor.next();
            number = number * radix + digit;
        }
        return number > 0x10FFFF ? -1 : (int) number;
    }
}
