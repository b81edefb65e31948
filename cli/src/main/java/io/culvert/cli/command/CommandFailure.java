package io.culvert.cli.command;

/** A command that did not do what was asked, in a sentence, with its exit code. */
public final class CommandFailure extends RuntimeException {
    public static final int FAILED = 1;
    public static final int USAGE = 2;

    private static final long serialVersionUID = 1L;

    private final int exitCode;

    public CommandFailure(String message, int exitCode) {
        super(message);
        this.exitCode = exitCode;
    }

    public int exitCode() {
        return exitCode;
    }
}
