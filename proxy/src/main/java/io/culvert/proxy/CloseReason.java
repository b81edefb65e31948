package io.culvert.proxy;

import io.culvert.proxy.frame.ResetCode;
import java.util.Locale;

/** Why a stream ended, or never began: one word for the access log, the counters and the tests. */
public enum CloseReason {
    /** Both directions ended well. */
    OK,
    /** The caller broke it off. */
    CLIENT_RESET,
    /** The application broke it off. */
    SERVER_RESET,
    /** The connection between the agents broke. */
    TUNNEL_LOST,
    /** The service has no instance that takes streams. */
    NO_INSTANCE,
    /** No agent of an instance could be reached in time. */
    CONNECT_FAILED,
    /** The application did not accept. */
    REFUSED_APP,
    /** The other agent could not be what it should be. */
    IDENTITY_MISMATCH,
    /** No intention allows it. */
    DENIED,
    /** It was allowed and is no longer. */
    DENIED_LATE,
    /** A certificate is no longer trusted. */
    REVOKED,
    /** Nothing moved on a half-closed stream for long, or a deadline passed. */
    TIMEOUT,
    /** A bound was reached. */
    LIMIT,
    /** An agent is stopping. */
    DRAIN,
    /** The other agent broke the frame format or its order. */
    PROTOCOL,
    /** Nobody can say who is calling. */
    CALLER_UNKNOWN;

    /** The word in logs and counters. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The reason behind a RESET of the peer, whose application is the {@code peerSide} of the stream. */
    public static CloseReason of(ResetCode code, CloseReason peerSide) {
        return switch (code) {
            case PEER_RST, APP_ERROR, INTERNAL -> peerSide;
            case TIMEOUT -> TIMEOUT;
            case POLICY -> DENIED_LATE;
            case REVOKED -> REVOKED;
            case DRAIN_DEADLINE -> DRAIN;
            case LIMIT -> LIMIT;
        };
    }
}
