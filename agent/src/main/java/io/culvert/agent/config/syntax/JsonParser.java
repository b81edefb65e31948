package io.culvert.agent.config.syntax;

import static io.culvert.agent.config.syntax.Characters.END;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** JSON as RFC 8259 has it, nothing more; a key that stands twice in an object is an error. */
final class JsonParser {
    private final Cursor cursor;
    private final ParseState state;
    private final TextReader texts;

    JsonParser(Cursor cursor, ParseState state) {
        this.cursor = cursor;
        this.state = state;
        this.texts = new TextReader(cursor, true);
    }

    /** The whole file. Problems are in the state. */
    Value.Table file() {
        Position start = cursor.position();
        try {
            skipBlank();
            if (cursor.peek() != '{') {
                throw new SyntaxFailure(cursor.position(), "found " + cursor.describe() + ", expected '{'");
            }
            Value.Table table = object();
            skipBlank();
            if (!cursor.atEnd()) {
                throw new SyntaxFailure(
                        cursor.position(), "found " + cursor.describe() + ", expected the end of the file");
            }
            return table;
        } catch (SyntaxFailure fatal) {
            state.reportLast(fatal);
            return new Value.Table(List.of(), start);
        }
    }

    private Value value(String place) throws SyntaxFailure {
        Position position = cursor.position();
        int c = cursor.peek();
        if (c == '{') {
            return object();
        }
        state.countValue(position);
        if (c == '"') {
            return new Value.Text(texts.quoted(), position);
        }
        if (c == '[') {
            return array();
        }
        if (c == '-' || Characters.isDigit(c)) {
            return Numbers.read(numberText(), position, false);
        }
        return word(position, place);
    }

    private String numberText() {
        int start = cursor.offset();
        do {
            cursor.next();
        } while (Characters.continuesWord(cursor.peek()) || cursor.peek() == '+');
        return cursor.since(start);
    }

    private Value word(Position position, String place) throws SyntaxFailure {
        String found = cursor.describe();
        int start = cursor.offset();
        while (Characters.continuesWord(cursor.peek())) {
            cursor.next();
        }
        return switch (cursor.since(start)) {
            case "true" -> new Value.Flag(true, position);
            case "false" -> new Value.Flag(false, position);
            case "null" -> new Value.Nothing(position);
            default -> throw new SyntaxFailure(position, "found " + found + ", expected a value " + place);
        };
    }

    private Value.Table object() throws SyntaxFailure {
        Position opening = cursor.position();
        state.enter(opening);
        state.countValue(opening);
        cursor.next();
        List<Entry> entries = new ArrayList<>();
        Map<String, Position> seen = new HashMap<>();
        boolean afterComma = false;
        while (closesNot('}', opening, afterComma)) {
            int before = cursor.offset();
            try {
                member(entries, seen);
                afterComma = separator('}');
            } catch (SyntaxFailure failure) {
                afterComma = recover(failure, before);
            }
        }
        cursor.next();
        state.leave();
        return new Value.Table(entries, opening);
    }

    private void member(List<Entry> entries, Map<String, Position> seen) throws SyntaxFailure {
        Position position = cursor.position();
        if (cursor.peek() != '"') {
            throw new SyntaxFailure(position, "found " + cursor.describe() + ", expected a key in double quotes");
        }
        String key = texts.quoted();
        skipBlank();
        String shown = "'" + Printable.of(key) + "'";
        if (cursor.peek() != ':') {
            throw new SyntaxFailure(
                    cursor.position(), "found " + cursor.describe() + ", expected ':' after the key " + shown);
        }
        cursor.next();
        skipBlank();
        Position first = seen.putIfAbsent(key, position);
        Name name = new Name(key, position);
        try {
            Entry entry = new Entry(List.of(name), value("after " + shown));
            if (first == null) {
                entries.add(entry);
            } else {
                state.report(new SyntaxFailure(
                        position, "key " + shown + " is set twice (first at " + first.fileAndLine() + ")"));
            }
        } catch (SyntaxFailure failure) {
            entries.add(new Entry(List.of(name), new Value.Unreadable(position)));
            throw failure;
        }
    }

    private Value.Items array() throws SyntaxFailure {
        Position opening = cursor.position();
        state.enter(opening);
        cursor.next();
        List<Value> values = new ArrayList<>();
        boolean afterComma = false;
        while (closesNot(']', opening, afterComma)) {
            int before = cursor.offset();
            try {
                values.add(value("or ']' in the list"));
                afterComma = separator(']');
            } catch (SyntaxFailure failure) {
                afterComma = recover(failure, before);
            }
        }
        cursor.next();
        state.leave();
        return new Value.Items(values, opening);
    }

    /** False at the closing bracket, which is then next. */
    private boolean closesNot(char closing, Position opening, boolean afterComma) throws SyntaxFailure {
        skipBlank();
        if (cursor.atEnd()) {
            char bracket = closing == '}' ? '{' : '[';
            throw new SyntaxFailure(
                    opening,
                    "this '" + bracket + "' is never closed: found the end of the file, expected '" + closing + "'",
                    SyntaxFailure.Kind.FATAL);
        }
        if (cursor.peek() != closing) {
            return true;
        }
        if (afterComma) {
            state.report(new SyntaxFailure(
                    cursor.position(),
                    "found '" + closing + "' after ',', expected " + (closing == '}' ? "a key" : "a value")
                            + " (JSON allows no trailing comma)"));
        }
        return false;
    }

    /** Reads the comma, if there is one; true after a comma. */
    private boolean separator(char closing) throws SyntaxFailure {
        skipBlank();
        int c = cursor.peek();
        if (c == ',') {
            cursor.next();
            return true;
        }
        if (c != closing && c != END) {
            state.report(new SyntaxFailure(
                    cursor.position(), "found " + cursor.describe() + ", expected ',' or '" + closing + "'"));
            if (c == '}' || c == ']') {
                cursor.next();
            }
        }
        return false;
    }

    private boolean recover(SyntaxFailure failure, int before) throws SyntaxFailure {
        if (failure.kind() == SyntaxFailure.Kind.FATAL) {
            throw failure;
        }
        state.report(failure);
        Recovery.skipElement(cursor);
        if (cursor.offset() == before || cursor.peek() == ',') {
            cursor.next();
        }
        return false;
    }

    private void skipBlank() throws SyntaxFailure {
        while (Characters.isBlank(cursor.peek())) {
            cursor.next();
        }
        if (cursor.peek() == '#' || cursor.looksAt("//") || cursor.looksAt("/*")) {
            throw new SyntaxFailure(
                    cursor.position(),
                    "found a comment, which JSON does not have (name the file .hcl to use comments)",
                    SyntaxFailure.Kind.FATAL);
        }
    }
}
