package io.culvert.proxy.tls;

import io.culvert.identity.PeerVerdict;
import java.util.Locale;

/** Why somebody who came to the TLS port was not let in: label of the counter and field of the log line. */
public enum StrangerReason {
    NOT_TLS,
    CLIENT_HELLO_TOO_LONG,
    NO_SERVER_NAME,
    UNKNOWN_SERVER_NAME,
    WRONG_PROTOCOL,
    TOO_MANY_HANDSHAKES,
    TIMED_OUT,
    CLOSED_EARLY,
    HANDSHAKE_FAILED,
    NO_CERTIFICATE,
    CHAIN_TOO_LONG,
    WEAK_KEY,
    WRONG_USAGE,
    EXPIRED,
    NOT_YET_VALID,
    UNTRUSTED,
    NO_IDENTITY,
    WRONG_TRUST_DOMAIN,
    WRONG_IDENTITY,
    /** A member of the mesh whom no intention lets in. */
    DENIED,
    /** A member of the mesh that broke the frame format or its order. */
    PROTOCOL_BROKEN;

    /** The word in counters and logs. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    static StrangerReason of(PeerVerdict.Fault fault) {
        return switch (fault) {
            case NO_CERTIFICATE -> NO_CERTIFICATE;
            case CHAIN_TOO_LONG -> CHAIN_TOO_LONG;
            case WEAK_KEY -> WEAK_KEY;
            case WRONG_USAGE -> WRONG_USAGE;
            case EXPIRED -> EXPIRED;
            case NOT_YET_VALID -> NOT_YET_VALID;
            case UNTRUSTED -> UNTRUSTED;
            case NO_IDENTITY -> NO_IDENTITY;
            case WRONG_TRUST_DOMAIN -> WRONG_TRUST_DOMAIN;
            case WRONG_IDENTITY -> WRONG_IDENTITY;
        };
    }
}
