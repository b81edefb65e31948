package io.culvert.gossip.wire;

/** Why a stream of the pool ended before its end; the label of the counter as well. */
public enum StreamFault {
    MALFORMED,
    UNKNOWN_VERSION,
    UNKNOWN_KEY,
    /** The peer calls itself by our own id. */
    OWN_IDENTITY,
    NOT_AUTHENTIC,
    MESSAGE_TOO_LARGE,
    /** Bytes after the peer had said that it was done. */
    AFTER_END,
    /** Closed before the peer said that it was done: what came so far is true, but not all. */
    TRUNCATED
}
