package io.culvert.agent.config.syntax;

import java.util.Comparator;

/** Something a person has to look at, and where. An error keeps what it stands in from taking effect; a warning does not. */
public record Problem(Severity severity, Position position, String message) implements Comparable<Problem> {
    private static final Comparator<Problem> ORDER = Comparator.comparing(Problem::position)
            .thenComparing(Problem::severity)
            .thenComparing(Problem::message);

    /** How bad it is. */
    public enum Severity {
        ERROR,
        WARNING
    }

    public static Problem error(Position position, String message) {
        return new Problem(Severity.ERROR, position, message);
    }

    public static Problem warning(Position position, String message) {
        return new Problem(Severity.WARNING, position, message);
    }

    public boolean isError() {
        return severity == Severity.ERROR;
    }

    @Override
    public int compareTo(Problem other) {
        return ORDER.compare(this, other);
    }

    /** {@code file:line:column: message}; a warning says so. */
    @Override
    public String toString() {
        return position + ": " + (isError() ? "" : "warning: ") + message;
    }
}
