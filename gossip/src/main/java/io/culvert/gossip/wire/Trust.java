package io.culvert.gossip.wire;

/** What is known of the session a packet belongs to. */
public enum Trust {
    /**
     * The session has not echoed our cookie: the packet may be a recording from before we started. Only what a replay
     * cannot hurt may be believed: signed, monotonic statements (ALIVE, LEFT, HEAD, DELTA, REPAIR), and PING, whose
     * answer carries the cookie. Nothing else may be believed, and no answer may be longer than the packet.
     */
    UNPROVEN,
    /** The session echoed our cookie: it is live, and the replay window covers it. */
    PROVEN
}
