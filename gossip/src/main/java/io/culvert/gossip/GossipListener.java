package io.culvert.gossip;

import io.culvert.catalog.Liveness;
import io.culvert.catalog.NodeId;

/**
 * What the pool tells its counters. Called on the gossip loop: quick, never blocks, never throws. Every method has an
 * empty default, so that a listener says only what it wants to hear.
 */
public interface GossipListener {
    /** Hears nothing. */
    GossipListener NONE = new GossipListener() {};

    /** Why a packet or stream message was not taken. */
    enum Refusal {
        /** Not for this pool, not by a key of ours, or changed on the way. */
        NOT_AUTHENTIC,
        /** Seen before, or too old to tell. */
        REPLAYED,
        /** Authentic, but not in the form the protocol has. */
        MALFORMED,
        /** Longer than any packet of ours. */
        TOO_LONG,
        /** A stream that would have been one too many, or that was too slow. */
        STREAM_LIMIT
    }

    /** @param from address and port, for people */
    default void refused(Refusal refusal, String from) {}

    default void memberChanged(NodeId member, Liveness before, Liveness after, String reason) {}

    /** We accused {@code member}, or believed the first who did. */
    default void suspected(NodeId member, boolean byUs) {}

    /** We were accused and objected. */
    default void refuted(NodeId accuser) {}

    /** Somebody's signature was wrong; {@code sender} handed it on or made it. */
    default void badSignature(NodeId sender) {}

    /** Another process speaks with our key: a cloned disk. */
    default void cloneSuspected() {}

    /** So many members died at once that we take ourselves to be cut off, or no longer. */
    default void frozen(boolean frozen) {}

    /** Lifeguard's score of our own health: 0 is well. */
    default void healthScore(int score) {}

    default void probed(NodeId member, long roundTripNanos) {}

    default void datagramSent(int bytes) {}

    default void datagramReceived(int bytes) {}

    /** The loop was late by this much. */
    default void lagged(long nanos) {}

    default void syncEnded(NodeId peer, boolean complete) {}
}
