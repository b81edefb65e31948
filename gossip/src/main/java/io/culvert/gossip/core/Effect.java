package io.culvert.gossip.core;

import io.culvert.catalog.NodeContent;
import io.culvert.catalog.NodeId;
import io.culvert.gossip.membership.MemberChange;
import io.culvert.gossip.membership.MembershipPort;
import io.culvert.gossip.replication.ReplicationNotice;
import io.culvert.gossip.wire.PeerAddress;
import io.culvert.gossip.wire.Refusal;

/** What the machine wants done. Performed in order, in one place. */
public sealed interface Effect {
    /** A datagram; lost is lost. */
    record Send(PeerAddress to, byte[] packet) implements Effect {}

    /** Connect, then report it opened or closed under this number. */
    record OpenStream(long stream, PeerAddress to) implements Effect {}

    record StreamSend(long stream, byte[] bytes) implements Effect {}

    /** Send what is on its way, then end; no report of the end is needed. */
    record CloseStream(long stream) implements Effect {}

    /** Check a signature off the loop, then report the verdict. */
    record Verify(SignatureCheck check) implements Effect {}

    /** Store the epoch: the next start must take a larger one. */
    record PersistEpoch(long epoch) implements Effect {}

    record Changed(MemberChange change) implements Effect {}

    /** A member has another incarnation, address, port or role; its liveness may be as it was. */
    record Renewed(NodeId member) implements Effect {}

    /**
     * Verified content of an owner.
     *
     * @param known whether the owner is a member; otherwise it is not to be taken for alive
     */
    record Content(NodeContent content, boolean known) implements Effect {}

    /** Nothing is kept of this member any more. */
    record Forgotten(NodeId member) implements Effect {}

    /** The exchange that {@link GossipMachine#join} began is over. */
    record JoinEnded(long join, boolean complete) implements Effect {}

    /** Everybody who can be told has been told that we leave. */
    record Left() implements Effect {}

    /** For counters and the log. */
    record Notice(MembershipPort.Notice notice) implements Effect {}

    /** For counters and the log. */
    record ContentNotice(ReplicationNotice notice) implements Effect {}

    /** The own content is more than the pool carries; what was published before stays. */
    record PublicationRefused(String reason) implements Effect {}

    /** A packet or stream that was not taken. */
    record Refused(Refusal refusal, PeerAddress from) implements Effect {}

    /** The timers ran late. */
    record Lagged(long nanos) implements Effect {}

    /**
     * A comparison with a peer is over.
     *
     * @param differing owners of whom the peer held a newer state
     */
    record SyncEnded(PeerAddress peer, boolean complete, int differing) implements Effect {}
}
