package io.culvert.agent.local.json;

/** JSON that is not taken; nothing was changed. The message is for the one who sent it. */
public final class InputRefused extends Exception {
    private static final long serialVersionUID = 1L;

    private InputRefused(String message) {
        super(message);
    }

    /** The document does not have the shape that is asked for. The words in front are Consul's. */
    public static InputRefused decode(String message) {
        return new InputRefused("Request decode failed: " + message);
    }

    /** The shape is right, a value is not. */
    public static InputRefused invalid(String message) {
        return new InputRefused(message);
    }

    /** What every exception has; never empty here. */
    public String reason() {
        String message = getMessage();
        return message == null ? "" : message;
    }
}
