package io.culvert.gossip;

import io.culvert.catalog.NodeId;
import io.culvert.gossip.core.GossipLoad;
import io.culvert.gossip.membership.MemberChange;
import io.culvert.gossip.replication.ReplicationNotice;
import io.culvert.gossip.wire.Refusal;

/**
 * What the pool tells its counters. Called on the gossip loop: quick, never blocks, never throws. Every method has an
 * empty default, so that a listener says only what it wants to hear.
 */
public interface GossipListener {
    /** Hears nothing. */
    GossipListener NONE = new GossipListener() {};

    /** @param from address and port, for people */
    default void refused(Refusal refusal, String from) {}

    default void memberChanged(MemberChange change) {}

    /** We accused {@code member}, or believed the first who did. */
    default void suspected(NodeId member, boolean byUs) {}

    /** We were accused and objected. */
    default void refuted(NodeId accuser) {}

    /** Somebody's signature was wrong; {@code sender} handed it on or made it. */
    default void badSignature(NodeId sender) {}

    /** Something about an owner's content; most are only to be counted, by kind. */
    default void contentNoticed(ReplicationNotice notice) {}

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

    /**
     * A comparison of tables with the peer at {@code address} is over.
     *
     * @param differing owners of whom the peer held a newer state
     */
    default void compared(String address, boolean complete, int differing) {}

    /** How busy the machine is; about once a second. */
    default void load(GossipLoad load) {}

    /** A bug: something failed that cannot fail, and the loop went on. */
    default void failed(Throwable cause) {}

    /** Answers to a stream but not to datagrams: something on the way loses UDP. */
    default void datagramsLost(NodeId member) {}

    /** This process did not run for so long. */
    default void paused(long nanos) {}

    /** Timers ran so late that this agent's health is worse for it; it accuses nobody meanwhile. */
    default void late(long nanos) {}

    /** A newcomer that does not fit into the table of members was refused; {@code sender} brought it. */
    default void tableFull(NodeId newcomer, NodeId sender) {}

    /** {@code asker} asked for more help with probes than is given. */
    default void relayFull(NodeId asker) {}

    /** A member's own word named an incarnation that it cannot have; it was not believed. */
    default void implausible(NodeId member) {}
}
