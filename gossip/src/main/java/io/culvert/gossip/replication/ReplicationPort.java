package io.culvert.gossip.replication;

import io.culvert.catalog.NodeContent;
import io.culvert.catalog.NodeId;
import io.culvert.gossip.identity.PublicKeyBytes;
import io.culvert.gossip.wire.Frame;
import io.culvert.gossip.wire.Interner;

/** What {@link Replication} wants done. The implementation only notes it; none of these calls back. */
public interface ReplicationPort extends Interner {
    /** A datagram to a member, now. */
    void send(NodeId to, Frame.Content frame);

    /** Asks one member over a stream; the answers go to {@link Replication#onFrame}. */
    void pullByStream(NodeId from, Pull pull);

    /** Asks any other live member than {@code except} over a stream. */
    void pullFromAnother(NodeId except, Pull pull);

    /** Checks the signature of {@code head} off the loop; {@link Replication#onVerdict} brings the result. */
    void verify(long ticket, Head head, PublicKeyBytes key);

    /**
     * All that an owner publishes now: one state that it really had.
     *
     * @param member whether the membership knows the owner; one that it does not know must not be shown as alive
     */
    void changed(NodeContent content, boolean member);

    /** Nothing is kept of the owner any more. */
    void forgotten(NodeId owner);

    void noticed(ReplicationNotice notice);

    /** What is held of owners may be shared with other hosts of the same process. */
    @Override
    default <T> T share(T value) {
        return value;
    }

    /**
     * The own id was seen with {@code epoch}, at least as late as ours; see {@link
     * ReplicationNotice.Kind#OWN_EPOCH_BEHIND}. Answered by {@link Replication#adoptEpoch} with a later one, once it is on
     * disk.
     */
    void ownEpochSeen(long epoch);
}
