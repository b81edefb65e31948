package io.culvert.gossip.wire;

/** Why a packet or a stream was not taken; the label of the counter and of the log line as well. */
public enum Refusal {
    /** Of another pool, or changed on the way. */
    NOT_AUTHENTIC,
    /** Names a pool key that is not installed here: another pool, or a rotation that passed this host by. */
    UNKNOWN_KEY,
    /** Seen before, or too old to tell. */
    REPLAYED,
    /** Not in the form the protocol has. */
    MALFORMED,
    /** Longer than anything of ours. */
    TOO_LONG,
    /** Authentic, but another process speaks with our id. */
    OWN_IDENTITY,
    /** One stream too many, or one that was too slow. */
    STREAM_LIMIT
}
