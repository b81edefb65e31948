package io.culvert.proxy.tunnel;

import io.culvert.proxy.CloseReason;
import io.culvert.proxy.frame.RefusalCode;
import io.culvert.proxy.frame.ResetCode;

/** Between the codes of the wire and the reasons of this agent's logs. */
final class Reasons {
    private Reasons() {}

    /** How a stream that is cut here is reset. */
    static ResetCode resetCode(CloseReason reason) {
        return switch (reason) {
            case DENIED_LATE -> ResetCode.POLICY;
            case REVOKED -> ResetCode.REVOKED;
            case DRAIN -> ResetCode.DRAIN_DEADLINE;
            default -> ResetCode.INTERNAL;
        };
    }

    /** Why a stream was refused there. */
    static CloseReason of(RefusalCode code) {
        return switch (code) {
            case NOT_AUTHORIZED -> CloseReason.DENIED;
            case UNKNOWN_SERVICE, UNKNOWN_INSTANCE, UNHEALTHY -> CloseReason.NO_INSTANCE;
            case CONNECT_REFUSED, CONNECT_TIMEOUT, LOOP -> CloseReason.REFUSED_APP;
            case OVERLOAD -> CloseReason.LIMIT;
            case DRAINING -> CloseReason.DRAIN;
            case IDENTITY_EXPIRED -> CloseReason.IDENTITY_MISMATCH;
            case BAD_FRAME, UNSUPPORTED -> CloseReason.PROTOCOL;
        };
    }
}
