package io.culvert.cli.api;

/** The agent did not answer, or answered that it will not. The message is for the person at the keyboard. */
public final class ApiException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final int status;

    public ApiException(int status, String message) {
        super(message);
        this.status = status;
    }

    public ApiException(String message, Throwable cause) {
        super(message, cause);
        this.status = 0;
    }

    /** The HTTP status; 0 when there was no answer. */
    public int status() {
        return status;
    }
}
