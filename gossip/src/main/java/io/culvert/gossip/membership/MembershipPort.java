package io.culvert.gossip.membership;

import io.culvert.catalog.NodeId;
import io.culvert.gossip.identity.PublicKeyBytes;
import io.culvert.gossip.identity.SignatureDomain;
import io.culvert.gossip.wire.Alive;
import io.culvert.gossip.wire.Frame;
import io.culvert.gossip.wire.Incarnation;
import io.culvert.gossip.wire.Peer;
import java.util.List;

/** What {@link Membership} wants done. The implementation only notes it; none of these calls back. */
public interface MembershipPort {
    /** A datagram, now; room that is left is filled with rumours. */
    void send(Peer to, List<? extends Frame> frames);

    /** News for everybody. */
    void spread(Frame.Rumour rumour);

    /** News of somebody whom nobody had heard of: told too, behind what concerns those who are here. */
    void introduce(Alive newcomer);

    /**
     * Tries the same question over a stream, for networks that lose datagrams only; what it is accused of is told along
     * with it.
     */
    void pingByStream(Peer to, Frame.Ping ping);

    /** Checks a signature off the loop; {@link Membership#onVerdict} brings the result. */
    void verify(Claim claim);

    /** The own incarnation; its epoch must be on disk before another start. */
    void ownIncarnation(Incarnation incarnation);

    void changed(MemberChange change);

    /** It has a new word about itself: another incarnation, address, port or role. Its liveness may be as it was. */
    void renewed(NodeId member);

    /** Gone for so long that nothing about it is kept. */
    void forgotten(NodeId member);

    void noticed(Notice notice);

    /** What has to be checked before a signed rumour is believed. */
    record Claim(
            Frame.Rumour rumour,
            Hearing hearing,
            PublicKeyBytes key,
            SignatureDomain domain,
            byte[] message,
            byte[] signature) {}

    /** Something for the counters; changes nothing. */
    sealed interface Notice {}

    record Suspected(NodeId member, boolean byUs) implements Notice {}

    record Refuted(NodeId accuser) implements Notice {}

    record BadSignature(NodeId sender) implements Notice {}

    /** Another process speaks with our key, and answers what we say. */
    record CloneSuspected() implements Notice {}

    /** A member's own signed word names an incarnation that it cannot have come to; not believed. */
    record ImplausibleIncarnation(NodeId member, Incarnation incarnation) implements Notice {}

    /** Another member than all that fit; not taken in. */
    record TableFull(NodeId newcomer, NodeId sender) implements Notice {}

    /** More was asked of this helper than it does for others. */
    record RelayFull(NodeId asker) implements Notice {}

    /** Timers ran so late that the own health is worse for it. */
    record Late(long nanos) implements Notice {}

    record HealthScore(int score) implements Notice {}

    record Probed(NodeId member, long roundTripNanos) implements Notice {}

    /** Answered over a stream, but not to datagrams: something between us loses UDP. */
    record OnlyByStream(NodeId member) implements Notice {}

    record Paused(long nanos) implements Notice {}

    record Frozen(boolean frozen) implements Notice {}
}
