package io.culvert.agent.config;

import io.culvert.agent.config.syntax.Position;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;

/**
 * Finds settings that stand twice in a text. The library lets the last one win and leaves no trace of the others, so the text itself is
 * walked, in the form the library has accepted. Merging blocks is fine; setting one value twice is a mistake.
 */
final class DoubledSettings {
    /** Deeper, the library would run out of stack. */
    static final int DEEPEST = 32;

    private final String file;
    private final String text;
    private final Problems problems;
    private final Map<String, Integer> lines = new HashMap<>();
    private final Deque<Frame> frames = new ArrayDeque<>();
    private int at;
    private int line = 1;

    /** An object with the path before its keys, or a list; in a list nothing is compared. */
    private record Frame(String prefix, boolean list, boolean compared) {}

    private DoubledSettings(String file, String text, Problems problems) {
        this.file = file;
        this.text = text;
        this.problems = problems;
    }

    /** Whether brackets nest no deeper than the library can bear. To be asked before it reads. */
    static boolean isShallow(String text) {
        int depth = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            depth += c == '{' || c == '[' ? 1 : c == '}' || c == ']' ? -1 : 0;
            if (depth > DEEPEST) {
                return false;
            }
            depth = Math.max(0, depth);
        }
        return true;
    }

    static void report(String file, String text, Problems problems) {
        new DoubledSettings(file, text, problems).walk();
    }

    private void walk() {
        frames.push(new Frame("", false, true));
        skipBlank();
        if (at < text.length() && text.charAt(at) == '{') {
            at++;
        }
        String last = "";
        while (skipBlank()) {
            Frame frame = frames.element();
            char c = text.charAt(at);
            if (c == '}' || c == ']') {
                close();
            } else if (frame.list()) {
                value("", false);
            } else if (c == '{') {
                value(last, frame.compared());
            } else {
                last = frame.prefix() + key();
                value(last, frame.compared());
            }
        }
    }

    private void close() {
        at++;
        if (frames.size() > 1) {
            frames.pop();
        }
    }

    /** Up to the separator, which is passed over unless it is a brace. */
    private String key() {
        int start = at;
        while (at < text.length() && "=:{\n".indexOf(text.charAt(at)) < 0) {
            if (text.charAt(at) == '"') {
                skipQuoted();
            } else {
                at++;
            }
        }
        String key = text.substring(start, at).strip();
        if (at < text.length() && text.charAt(at) != '{' && text.charAt(at) != '\n') {
            at++;
        }
        return key.endsWith("+") ? key.substring(0, key.length() - 1).strip() : key;
    }

    private void value(String path, boolean compared) {
        int begins = line;
        if (!skipBlank()) {
            return;
        }
        char c = text.charAt(at);
        if (c == '{' || c == '[') {
            at++;
            frames.push(new Frame(path + ".", c == '[', compared && c == '{'));
        } else {
            skipScalar();
        }
        Integer first = c == '{' || !compared ? null : lines.putIfAbsent(path, begins);
        if (first != null) {
            problems.error(
                    new Position(file, begins, 0),
                    "setting '" + path + "' is set twice (first at " + file + ":" + first + ")");
        }
    }

    private void skipScalar() {
        while (at < text.length() && ",}]\n#".indexOf(text.charAt(at)) < 0 && !text.startsWith("//", at)) {
            if (text.charAt(at) == '"') {
                skipQuoted();
            } else {
                at++;
            }
        }
    }

    private void skipQuoted() {
        String quote = text.startsWith("\"\"\"", at) ? "\"\"\"" : "\"";
        at += quote.length();
        while (at < text.length() && !text.startsWith(quote, at)) {
            line += text.charAt(at) == '\n' ? 1 : 0;
            at += text.charAt(at) == '\\' && quote.length() == 1 ? 2 : 1;
        }
        at += quote.length();
    }

    /** Passes over white space, commas and comments; false at the end. */
    private boolean skipBlank() {
        while (at < text.length()) {
            char c = text.charAt(at);
            if (c == '#' || text.startsWith("//", at)) {
                int end = text.indexOf('\n', at);
                at = end < 0 ? text.length() : end;
            } else if (Character.isWhitespace(c) || c == ',' || c == '\uFEFF' || c == '\u00A0') {
                line += c == '\n' ? 1 : 0;
                at++;
            } else {
                return true;
            }
        }
        return false;
    }
}
