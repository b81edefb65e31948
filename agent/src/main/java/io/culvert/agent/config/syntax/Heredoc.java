package io.culvert.agent.config.syntax;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** Reads {@code <<EOF} and {@code <<-EOF}. The cursor stands on the first {@code <}. */
final class Heredoc {
    private static final Pattern MARKER = Pattern.compile("[A-Za-z0-9_]+");

    private Heredoc() {}

    static String read(Cursor cursor) throws SyntaxFailure {
        Position opening = cursor.position();
        cursor.skip(2);
        boolean unindent = cursor.peek() == '-';
        if (unindent) {
            cursor.next();
        }
        String marker = cursor.restOfLine();
        if (!MARKER.matcher(marker).matches()) {
            throw new SyntaxFailure(
                    opening,
                    "found '" + Printable.of(marker)
                            + "' after '<<', expected a marker such as EOF and the end of the line",
                    SyntaxFailure.Kind.AT_LINE_END);
        }
        return body(cursor, opening, marker, unindent);
    }

    private static String body(Cursor cursor, Position opening, String marker, boolean unindent) throws SyntaxFailure {
        List<String> lines = new ArrayList<>();
        while (!cursor.atEnd()) {
            String line = cursor.restOfLine();
            if (line.indexOf(0) >= 0) {
                throw new SyntaxFailure(opening, "the character U+0000 in the text that begins here");
            }
            if (line.stripLeading().equals(marker)) {
                String indent = line.substring(0, line.length() - marker.length());
                return join(unindent ? unindented(lines, indent) : lines);
            }
            lines.add(line);
        }
        throw new SyntaxFailure(
                opening,
                "this text is never closed: found the end of the file, expected a line '" + marker + "'",
                SyntaxFailure.Kind.FATAL);
    }

    /** HCL 1: the marker's own indent is removed, when every line has it; blank lines do not count. */
    private static List<String> unindented(List<String> lines, String indent) {
        if (!lines.stream().allMatch(line -> line.startsWith(indent) || line.isBlank())) {
            return lines;
        }
        return lines.stream()
                .map(line -> line.startsWith(indent) ? line.substring(indent.length()) : "")
                .toList();
    }

    private static String join(List<String> lines) {
        StringBuilder text = new StringBuilder();
        for (String line : lines) {
            text.append(line).append('\n');
        }
        return text.toString();
    }
}
