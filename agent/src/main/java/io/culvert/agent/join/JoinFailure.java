package io.culvert.agent.join;

/** This host was not let in; the message says why and what to do. Nothing was changed here. */
public final class JoinFailure extends Exception {
    private static final long serialVersionUID = 1L;

    public JoinFailure(String message) {
        super(message);
    }

    public JoinFailure(String message, Throwable cause) {
        super(message, cause);
    }
}
