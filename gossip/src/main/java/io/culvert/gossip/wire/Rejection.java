package io.culvert.gossip.wire;

/** Why a datagram was dropped; the label of the counter as well. */
public enum Rejection {
    TOO_SHORT,
    TOO_LONG,
    UNKNOWN_VERSION,
    UNKNOWN_FLAGS,
    /** Names a pool key that is not installed here: another pool, or a rotation that left this host behind. */
    UNKNOWN_KEY,
    /** The tag does not fit: other key, other label, damage or forgery. */
    NOT_AUTHENTIC,
    /** This counter was seen before. */
    REPLAYED,
    /** More than the replay window behind the newest packet of its session. */
    TOO_OLD,
    /** Our own packet came back. */
    OWN_PACKET,
    /** Authentic, but another process sends with our id: a cloned host, or a holder of the pool key who lies. */
    OWN_IDENTITY
}
