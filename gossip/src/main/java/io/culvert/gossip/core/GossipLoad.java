package io.culvert.gossip.core;

import io.culvert.gossip.membership.Membership;
import io.culvert.gossip.replication.ReplicationLoad;
import io.culvert.gossip.wire.FrameType;
import java.util.Map;

/**
 * How much the machine has to do, at one moment.
 *
 * @param memberRumours rumours about members
 * @param content what others' records ask of it, and its rumours
 * @param membership what is held for other members
 * @param longestLagNanos how late timers ran at most, since this was asked last
 * @param timers set and not yet due
 * @param streams open
 * @param bytes said and heard since the start, by type of frame
 */
public record GossipLoad(
        Queue memberRumours,
        ReplicationLoad content,
        Membership.Load membership,
        long longestLagNanos,
        int timers,
        int streams,
        Map<FrameType, Bytes> bytes) {

    /**
     * One class of rumours.
     *
     * @param depth rumours that are still being told
     * @param oldestNanos for how long the oldest has been
     * @param dropped since the start, because there were too many
     */
    public record Queue(int depth, long oldestNanos, long dropped) {}

    /** Without envelopes. */
    public record Bytes(long sent, long received) {}
}
