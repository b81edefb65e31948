package io.culvert.gossip;

/**
 * Hears of members. Called on the gossip loop, in the order in which things happened: quick, never blocks, never throws.
 * For one member always {@code added}, then any of the two others, then {@code removed}.
 */
public interface PoolMembersListener {
    /** It was not there before, or had been removed. */
    default void added(PoolMember member) {}

    /** The same member, under another address, port, role or epoch: nothing else about it has changed. */
    default void changed(PoolMember before, PoolMember after) {}

    /** It fell under suspicion, or answered. */
    default void reachabilityChanged(PoolMember member) {}

    /** It left, or the pool has given it up. */
    default void removed(PoolMember member) {}
}
