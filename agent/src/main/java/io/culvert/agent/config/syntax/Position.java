package io.culvert.agent.config.syntax;

import java.util.Comparator;

/**
 * A place in a file.
 *
 * @param file as it was named by the user
 * @param line from 1; 0: the file as a whole
 * @param column from 1, in characters; 0: the line as a whole
 */
public record Position(String file, int line, int column) implements Comparable<Position> {
    private static final Comparator<Position> ORDER =
            Comparator.comparing(Position::file).thenComparing(Position::line).thenComparing(Position::column);

    /** The file as a whole. */
    public static Position of(String file) {
        return new Position(file, 0, 0);
    }

    /** {@code file:line}, without the column: for "first set at". */
    public String fileAndLine() {
        return line == 0 ? file : file + ":" + line;
    }

    @Override
    public int compareTo(Position other) {
        return ORDER.compare(this, other);
    }

    @Override
    public String toString() {
        return column == 0 ? fileAndLine() : file + ":" + line + ":" + column;
    }
}
