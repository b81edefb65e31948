package io.culvert.agent.config.syntax;

/** Why one value cannot be read. Caught by the nearest body that can go on behind it. */
class SyntaxFailure extends Exception {
    private static final long serialVersionUID = 1;

    private final transient Position position;
    private final Kind kind;

    /** What the parser does next. */
    enum Kind {
        /** Goes on behind the rest of the line. */
        SKIP_LINE,
        /** Goes on at once: the line ended where something was missing. */
        AT_LINE_END,
        /** Gives up: a bound was passed or the text ended. */
        FATAL
    }

    SyntaxFailure(Position position, String message, Kind kind) {
        super(message, null, false, false);
        this.position = position;
        this.kind = kind;
    }

    SyntaxFailure(Position position, String message) {
        this(position, message, Kind.SKIP_LINE);
    }

    Problem problem() {
        return Problem.error(position, String.valueOf(getMessage()));
    }

    Kind kind() {
        return kind;
    }
}
