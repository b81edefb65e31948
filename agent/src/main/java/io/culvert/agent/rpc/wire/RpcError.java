package io.culvert.agent.rpc.wire;

import java.util.Arrays;
import java.util.Optional;

/** Why a request was not answered. */
public enum RpcError {
    /** The method asked for does not exist here, or not for this caller. */
    UNKNOWN_METHOD(1, false),
    /** The payload is not what the method takes. */
    BAD_REQUEST(2, false),
    /** Understood and refused; the message says why, and is meant for the person who asked. */
    REFUSED(3, false),
    /** Too much is under way; nothing was done. */
    OVERLOADED(4, true),
    /** The time that the caller gave ran out; whether it was done is not known. */
    TIMED_OUT(5, false),
    /** Cannot be done here now; nothing was done. */
    UNAVAILABLE(6, true),
    /** A fault of the one who was asked, in its log. */
    INTERNAL(7, false),
    /** The connection ended before the answer came; whether it was done is not known. Never on the wire. */
    CONNECTION_LOST(0, false);

    private final int code;
    private final boolean nothingDone;

    RpcError(int code, boolean nothingDone) {
        this.code = code;
        this.nothingDone = nothingDone;
    }

    public int code() {
        return code;
    }

    /** Whether the request can be repeated without fear of doing it twice. */
    public boolean nothingDone() {
        return nothingDone;
    }

    static Optional<RpcError> of(int code) {
        return Arrays.stream(values())
                .filter(error -> error.code == code && code != 0)
                .findFirst();
    }
}
