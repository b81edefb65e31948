package io.culvert.agent;

/** The agent does not start; the message says why and what to do. What was made before is closed again. */
public final class StartFailure extends Exception {
    private static final long serialVersionUID = 1L;

    public StartFailure(String message) {
        super(message);
    }
}
