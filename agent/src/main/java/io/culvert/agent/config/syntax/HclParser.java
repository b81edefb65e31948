package io.culvert.agent.config.syntax;

import static io.culvert.agent.config.syntax.Characters.END;

import java.util.ArrayList;
import java.util.List;

/** HCL 1 by recursive descent. A failure inside a body is reported there, and the body goes on behind it. */
final class HclParser {
    private final Cursor cursor;
    private final ParseState state;
    private final TextReader texts;

    HclParser(Cursor cursor, ParseState state) {
        this.cursor = cursor;
        this.state = state;
        this.texts = new TextReader(cursor, false);
    }

    /** The whole file. Problems are in the state. */
    Value.Table file() {
        Position start = cursor.position();
        List<Entry> entries = new ArrayList<>();
        try {
            while (body(entries)) {
                // Only a '}' too many ends the body of a file early.
                state.report(new SyntaxFailure(
                        cursor.position(), "found '}', expected a key or the end of the file (one '}' too many)"));
                cursor.next();
            }
        } catch (SyntaxFailure fatal) {
            state.reportLast(fatal);
        }
        return new Value.Table(entries, start);
    }

    /** Reads entries up to a closing brace (true) or the end of the file (false). */
    private boolean body(List<Entry> entries) throws SyntaxFailure {
        while (true) {
            int before = cursor.offset();
            try {
                skipBlank();
                if (cursor.atEnd() || cursor.peek() == '}') {
                    return !cursor.atEnd();
                }
                entry(entries);
                skipBlank();
                if (cursor.peek() == ',') {
                    cursor.next();
                }
            } catch (SyntaxFailure failure) {
                recover(failure, before);
            }
        }
    }

    private void recover(SyntaxFailure failure, int before) throws SyntaxFailure {
        if (failure.kind() == SyntaxFailure.Kind.FATAL) {
            throw failure;
        }
        state.report(failure);
        if (failure.kind() == SyntaxFailure.Kind.SKIP_LINE) {
            Recovery.skipLine(cursor);
        }
        if (cursor.offset() == before) {
            cursor.next();
        }
    }

    private void entry(List<Entry> entries) throws SyntaxFailure {
        List<Name> names = new ArrayList<>();
        names.add(name());
        try {
            entries.add(new Entry(names, valueOf(names)));
        } catch (SyntaxFailure failure) {
            entries.add(new Entry(
                    names.subList(0, 1), new Value.Unreadable(names.get(0).position())));
            throw failure;
        }
    }

    /** Reads what follows a key: labels, then a block or {@code =} and a value. */
    private Value valueOf(List<Name> names) throws SyntaxFailure {
        while (true) {
            int line = cursor.line();
            Position behind = cursor.position();
            skipBlank();
            int c = cursor.peek();
            if (c == '{') {
                return table();
            }
            if (c == '=') {
                return attribute(names);
            }
            boolean label = c == '"' || Characters.startsWord(c);
            if (!label || cursor.line() != line) {
                throw missingEquals(names, line, behind);
            }
            names.add(name());
        }
    }

    private SyntaxFailure missingEquals(List<Name> names, int line, Position behind) {
        String expected =
                ", expected '=' or '{' after '" + Printable.of(names.get(0).text()) + "'";
        if (cursor.line() != line && !cursor.atEnd()) {
            return new SyntaxFailure(behind, "found the end of the line" + expected, SyntaxFailure.Kind.AT_LINE_END);
        }
        String hint = cursor.peek() == ':' ? " (HCL writes key = value)" : "";
        return new SyntaxFailure(cursor.position(), "found " + cursor.describe() + expected + hint);
    }

    private Value attribute(List<Name> names) throws SyntaxFailure {
        if (names.size() > 1) {
            throw new SyntaxFailure(
                    names.get(1).position(),
                    "found the label '" + Printable.of(names.get(1).text())
                            + "' before '=', expected '=' directly after '"
                            + Printable.of(names.get(0).text())
                            + "' (only a block has labels)");
        }
        int line = cursor.line();
        cursor.next();
        Position behind = cursor.position();
        skipBlank();
        if (cursor.line() != line && !startsValue()) {
            throw new SyntaxFailure(
                    behind,
                    "found the end of the line, expected a value after '"
                            + Printable.of(names.get(0).text()) + " ='",
                    SyntaxFailure.Kind.AT_LINE_END);
        }
        return value("after '" + Printable.of(names.get(0).text()) + " ='");
    }

    private boolean startsValue() {
        int c = cursor.peek();
        boolean truth = (cursor.looksAt("true") && !Characters.continuesWord(cursor.peek(4)))
                || (cursor.looksAt("false") && !Characters.continuesWord(cursor.peek(5)));
        return truth || c == '"' || c == '[' || c == '{' || c == '-' || Characters.isDigit(c) || cursor.looksAt("<<");
    }

    private Name name() throws SyntaxFailure {
        Position position = cursor.position();
        int c = cursor.peek();
        if (c == '"') {
            return new Name(texts.quoted(), position);
        }
        if (Characters.startsWord(c)) {
            return new Name(word(), position);
        }
        throw new SyntaxFailure(position, "found " + cursor.describe() + ", expected a key");
    }

    private String word() {
        int start = cursor.offset();
        while (Characters.continuesWord(cursor.peek())) {
            cursor.next();
        }
        return cursor.since(start);
    }

    /** @param place for a message: {@code after 'port ='} */
    private Value value(String place) throws SyntaxFailure {
        Position position = cursor.position();
        state.countValue(position);
        int c = cursor.peek();
        if (c == '"') {
            return new Value.Text(texts.quoted(), position);
        }
        if (c == '[') {
            return list();
        }
        if (c == '{') {
            return table();
        }
        if (cursor.looksAt("<<")) {
            return new Value.Text(Heredoc.read(cursor), position);
        }
        if (c == '-' || Characters.isDigit(c)) {
            return Numbers.read(numberText(), position, true);
        }
        return flag(position, place);
    }

    private String numberText() {
        int start = cursor.offset();
        do {
            cursor.next();
        } while (Characters.continuesWord(cursor.peek()) || isSignOfExponent());
        return cursor.since(start);
    }

    private boolean isSignOfExponent() {
        return cursor.peek() == '+' && (cursor.peek(-1) == 'e' || cursor.peek(-1) == 'E');
    }

    private Value flag(Position position, String place) throws SyntaxFailure {
        String found = cursor.describe();
        if (!Characters.startsWord(cursor.peek())) {
            throw new SyntaxFailure(position, "found " + found + ", expected a value " + place);
        }
        String word = word();
        if (word.equals("true") || word.equals("false")) {
            return new Value.Flag(word.equals("true"), position);
        }
        String hint = cursor.peek() == '('
                ? " (functions are not evaluated)"
                : " (text is written in quotes: \"" + Printable.of(word) + "\")";
        throw new SyntaxFailure(position, "found " + found + ", expected a value " + place + hint);
    }

    private Value.Table table() throws SyntaxFailure {
        Position opening = cursor.position();
        state.enter(opening);
        state.countValue(opening);
        cursor.next();
        List<Entry> entries = new ArrayList<>();
        if (!body(entries)) {
            throw neverClosed(opening, "{", "}");
        }
        cursor.next();
        state.leave();
        return new Value.Table(entries, opening);
    }

    private Value.Items list() throws SyntaxFailure {
        Position opening = cursor.position();
        state.enter(opening);
        cursor.next();
        List<Value> values = new ArrayList<>();
        while (true) {
            int before = cursor.offset();
            try {
                skipBlank();
                if (cursor.peek() == ']') {
                    cursor.next();
                    state.leave();
                    return new Value.Items(values, opening);
                }
                checkListGoesOn(opening);
                values.add(value("or ']' in the list"));
                separator();
            } catch (SyntaxFailure failure) {
                recoverInList(failure, before);
            }
        }
    }

    /** A '}' or the end cannot be inside a list: the ']' was forgotten, and what follows belongs to the body around. */
    private void checkListGoesOn(Position opening) throws SyntaxFailure {
        if (cursor.atEnd()) {
            throw neverClosed(opening, "[", "]");
        }
        if (cursor.peek() == '}') {
            state.leave();
            throw new ListCutShort(opening, cursor.describe());
        }
    }

    private void separator() throws SyntaxFailure {
        skipBlank();
        int c = cursor.peek();
        if (c == ',') {
            cursor.next();
        } else if (c != ']' && c != END && c != '}') {
            state.report(new SyntaxFailure(
                    cursor.position(), "found " + cursor.describe() + " in a list, expected ',' or ']'"));
        }
    }

    private void recoverInList(SyntaxFailure failure, int before) throws SyntaxFailure {
        if (failure.kind() == SyntaxFailure.Kind.FATAL || failure instanceof ListCutShort) {
            throw failure;
        }
        state.report(failure);
        Recovery.skipElement(cursor);
        if (cursor.peek() == ',') {
            cursor.next();
        }
        if (cursor.offset() == before) {
            cursor.next();
        }
    }

    private static SyntaxFailure neverClosed(Position opening, String bracket, String expected) {
        return new SyntaxFailure(
                opening,
                "this '" + bracket + "' is never closed: found the end of the file, expected '" + expected + "'",
                SyntaxFailure.Kind.FATAL);
    }

    private void skipBlank() throws SyntaxFailure {
        while (true) {
            int c = cursor.peek();
            if (Characters.isBlank(c)) {
                cursor.next();
            } else if (c == '#' || cursor.looksAt("//")) {
                cursor.restOfLine();
            } else if (cursor.looksAt("/*")) {
                skipBlockComment();
            } else {
                return;
            }
        }
    }

    private void skipBlockComment() throws SyntaxFailure {
        Position opening = cursor.position();
        cursor.skip(2);
        while (!cursor.looksAt("*/")) {
            if (cursor.next() == END) {
                throw new SyntaxFailure(
                        opening,
                        "this comment is never closed: found the end of the file, expected '*/'",
                        SyntaxFailure.Kind.FATAL);
            }
        }
        cursor.skip(2);
    }

    /** The body around a list goes on at the '}' that ended the list too early. */
    private static final class ListCutShort extends SyntaxFailure {
        private static final long serialVersionUID = 1;

        ListCutShort(Position opening, String found) {
            super(
                    opening,
                    "this '[' is never closed: found " + found + ", expected ',' or ']'",
                    SyntaxFailure.Kind.AT_LINE_END);
        }
    }
}
