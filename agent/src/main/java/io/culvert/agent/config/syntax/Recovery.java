package io.culvert.agent.config.syntax;

import static io.culvert.agent.config.syntax.Characters.END;

/** Finds the place behind a failure where reading can go on, so that one mistake does not hide the next. */
final class Recovery {
    private Recovery() {}

    /** To the end of the line, or to the bracket that closes what is being read; whole brackets in between are passed over. */
    static void skipLine(Cursor cursor) {
        int depth = 0;
        while (!cursor.atEnd()) {
            int c = cursor.peek();
            if (depth == 0 && (c == '}' || c == '\n')) {
                return;
            }
            depth = step(cursor, c, depth);
        }
    }

    /** To the comma or the bracket that ends an element of a list or a member of a JSON object. */
    static void skipElement(Cursor cursor) {
        int depth = 0;
        while (!cursor.atEnd()) {
            int c = cursor.peek();
            if (depth == 0 && (c == ',' || c == ']' || c == '}')) {
                return;
            }
            depth = step(cursor, c, depth);
        }
    }

    private static int step(Cursor cursor, int c, int depth) {
        if (c == '"') {
            skipText(cursor);
            return depth;
        }
        if (c == '#' || cursor.looksAt("//")) {
            skipComment(cursor);
            return depth;
        }
        cursor.next();
        if (c == '{' || c == '[') {
            return depth + 1;
        }
        return (c == '}' || c == ']') && depth > 0 ? depth - 1 : depth;
    }

    private static void skipComment(Cursor cursor) {
        while (!cursor.atEnd() && cursor.peek() != '\n') {
            cursor.next();
        }
    }

    private static void skipText(Cursor cursor) {
        cursor.next();
        while (cursor.peek() != END && cursor.peek() != '\n') {
            int c = cursor.next();
            if (c == '"') {
                return;
            }
            if (c == '\\' && cursor.peek() != '\n') {
                cursor.next();
            }
        }
    }
}
