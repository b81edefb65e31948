package io.culvert.proxy.local;

/** A local socket could not be opened: what is the matter, and what a person can do. */
final class BindFailure extends Exception {
    private static final long serialVersionUID = 1L;
    private final String remedy;

    BindFailure(String reason, String remedy) {
        super(reason, null, false, false);
        this.remedy = remedy;
    }

    String reason() {
        return String.valueOf(getMessage());
    }

    String remedy() {
        return remedy;
    }
}
