package io.culvert.gossip.wire;

/**
 * Bytes from a peer that are not what they should be. Expected on any open port, so it is checked, carries no stack
 * trace, and names the field; nothing has been changed when it is thrown.
 */
public final class MalformedFrame extends Exception {
    /** Why the bytes were refused; the label of the counter as well. */
    public enum Reason {
        /** Fewer bytes than the field needs. */
        TRUNCATED,
        /** A length or count above the bound of its field. */
        TOO_LARGE,
        /** A number or combination that no sender of ours writes. */
        INVALID,
        /** Text that is not UTF-8. */
        NOT_TEXT,
        /** A kind or version this program does not know. */
        UNKNOWN_KIND,
        /** Bytes left over after the last field of a frame that has no room for later fields. */
        TRAILING_BYTES
    }

    private final Reason reason;
    private final String field;

    public MalformedFrame(Reason reason, String field) {
        super(field + ": " + reason, null, false, false);
        this.reason = reason;
        this.field = field;
    }

    public Reason reason() {
        return reason;
    }

    /** The field at which reading stopped, in the words of the format's documentation. */
    public String field() {
        return field;
    }
}
