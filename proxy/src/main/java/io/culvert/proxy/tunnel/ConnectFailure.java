package io.culvert.proxy.tunnel;

/** Why no connection to an agent came about. */
record ConnectFailure(Kind kind, String message) {
    enum Kind {
        /** No TCP connection. */
        UNREACHABLE,
        /** TLS failed, or its peer refused us. */
        HANDSHAKE,
        /** Somebody else answered. */
        WRONG_IDENTITY,
        /** Our own certificate is no good. */
        OWN_IDENTITY
    }
}
