package io.culvert.agent.config.syntax;

import java.util.ArrayList;
import java.util.List;

/** What both dialects share while they read one file: problems, and the bounds that keep hostile files harmless. */
final class ParseState {
    /** Service files nest about eight deep; the stack is safe far beyond this. */
    static final int DEEPEST = 64;

    /** One service needs about 30 values. */
    static final int MOST_VALUES = 100_000;

    /** Beyond this nobody reads on. */
    static final int MOST_PROBLEMS = 50;

    private final List<Problem> problems = new ArrayList<>();
    private int values;
    private int depth;

    void report(SyntaxFailure failure) throws SyntaxFailure {
        problems.add(failure.problem());
        if (problems.size() == MOST_PROBLEMS) {
            throw new SyntaxFailure(
                    failure.problem().position(),
                    "more than " + MOST_PROBLEMS + " problems; the rest of the file was not read",
                    SyntaxFailure.Kind.FATAL);
        }
    }

    /** For the failure that ends the reading. */
    void reportLast(SyntaxFailure failure) {
        problems.add(failure.problem());
    }

    void countValue(Position position) throws SyntaxFailure {
        if (++values > MOST_VALUES) {
            throw new SyntaxFailure(
                    position,
                    "more than " + MOST_VALUES + " values in one file (split it into several)",
                    SyntaxFailure.Kind.FATAL);
        }
    }

    void enter(Position opening) throws SyntaxFailure {
        if (++depth > DEEPEST) {
            throw new SyntaxFailure(opening, "nested deeper than " + DEEPEST + " levels", SyntaxFailure.Kind.FATAL);
        }
    }

    void leave() {
        depth--;
    }

    List<Problem> problems() {
        return problems;
    }
}
