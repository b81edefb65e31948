package io.culvert.agent.http.route;

/** A request that is answered with an error. The message is the body: plain text, for the one who asked. */
public final class ApiRefusal extends Exception {
    private static final long serialVersionUID = 1L;

    private final int status;

    /** @param status 400 to 599 */
    public ApiRefusal(int status, String message) {
        super(message, null, false, false); // an answer, not a bug: nobody reads its stack
        this.status = status;
    }

    public static ApiRefusal badRequest(String message) {
        return new ApiRefusal(400, message);
    }

    public int status() {
        return status;
    }

    public Answer answer() {
        return Answer.text(status, String.valueOf(getMessage()));
    }
}
