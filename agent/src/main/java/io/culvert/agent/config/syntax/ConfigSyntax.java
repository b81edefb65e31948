package io.culvert.agent.config.syntax;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Reads the text of a service file. Never throws for its content: whatever is wrong becomes a problem with a position. */
public final class ConfigSyntax {
    /** The largest file that is read. A service takes about a kilobyte. */
    public static final int LARGEST_FILE = 1 << 20;

    private ConfigSyntax() {}

    /** @param file for positions; not opened */
    public static ParsedFile parse(String file, byte[] content, Dialect dialect) {
        if (content.length > LARGEST_FILE) {
            return refused(Problem.error(
                    Position.of(file),
                    "the file has " + content.length + " bytes (expected: at most " + LARGEST_FILE + ")"));
        }
        CharBuffer text = CharBuffer.allocate(content.length);
        CharsetDecoder decoder = StandardCharsets.UTF_8.newDecoder();
        CoderResult result = decoder.decode(ByteBuffer.wrap(content), text, true);
        text.flip();
        if (result.isError()) {
            return refused(Problem.error(endOf(file, text.toString()), "this byte is not UTF-8 text"));
        }
        return parse(file, text.toString(), dialect);
    }

    public static ParsedFile parse(String file, String text, Dialect dialect) {
        Cursor cursor = new Cursor(file, text);
        ParseState state = new ParseState();
        boolean json = dialect == Dialect.JSON || startsWithBrace(text);
        Value.Table root = json ? new JsonParser(cursor, state).file() : new HclParser(cursor, state).file();
        return new ParsedFile(root, state.problems());
    }

    private static boolean startsWithBrace(String text) {
        int at = text.startsWith("\uFEFF") ? 1 : 0;
        while (at < text.length() && Characters.isBlank(text.charAt(at))) {
            at++;
        }
        return at < text.length() && text.charAt(at) == '{';
    }

    private static Position endOf(String file, String text) {
        Cursor cursor = new Cursor(file, text);
        while (!cursor.atEnd()) {
            cursor.next();
        }
        return cursor.position();
    }

    private static ParsedFile refused(Problem problem) {
        return new ParsedFile(new Value.Table(List.of(), problem.position()), List.of(problem));
    }
}
