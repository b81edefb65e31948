package io.culvert.agent.config.syntax;

import static io.culvert.agent.config.syntax.Characters.END;

/** Walks over a text by code points and knows line and column. */
final class Cursor {
    private final String file;
    private final String text;
    private int offset;
    private int line = 1;
    private int column = 1;

    Cursor(String file, String text) {
        this.file = file;
        this.text = text;
        if (text.startsWith("\uFEFF")) {
            offset = 1;
        }
    }

    boolean atEnd() {
        return offset >= text.length();
    }

    /** The next code point, or {@link Characters#END}. */
    int peek() {
        return atEnd() ? END : text.codePointAt(offset);
    }

    /** The UTF-16 unit {@code ahead} of the next one (-1: the one before), or {@link Characters#END}. */
    int peek(int ahead) {
        return offset + ahead < text.length() ? text.charAt(offset + ahead) : END;
    }

    boolean looksAt(String expected) {
        return text.startsWith(expected, offset);
    }

    int next() {
        int c = peek();
        if (c == END) {
            return END;
        }
        offset += Character.charCount(c);
        if (c == '\n') {
            line++;
            column = 1;
        } else {
            column++;
        }
        return c;
    }

    void skip(int characters) {
        for (int i = 0; i < characters; i++) {
            next();
        }
    }

    /** The rest of the line, without its end; the cursor then stands behind the end. */
    String restOfLine() {
        int from = offset;
        while (!atEnd() && peek() != '\n') {
            next();
        }
        String rest = text.substring(from, offset);
        next();
        return rest.endsWith("\r") ? rest.substring(0, rest.length() - 1) : rest;
    }

    int offset() {
        return offset;
    }

    int line() {
        return line;
    }

    String since(int start) {
        return text.substring(start, offset);
    }

    Position position() {
        return new Position(file, line, column);
    }

    /** The next thing for "found …". */
    String describe() {
        int c = peek();
        if (c == END) {
            return "the end of the file";
        }
        if (c == '\n' || c == '\r') {
            return "the end of the line";
        }
        if (c == '"') {
            return "a string";
        }
        if (Characters.startsWord(c) || Characters.isDigit(c)) {
            return (Characters.isDigit(c) ? "the number '" : "the word '") + wordAhead() + "'";
        }
        return Characters.show(c);
    }

    private String wordAhead() {
        int end = offset;
        while (end < text.length() && end - offset < 40 && Characters.continuesWord(text.charAt(end))) {
            end++;
        }
        return text.substring(offset, Math.max(end, offset + Character.charCount(peek())));
    }
}
