package io.culvert.gossip.membership;

import io.culvert.catalog.NodeId;
import io.culvert.gossip.identity.SignatureDomain;
import io.culvert.gossip.wire.Alive;
import io.culvert.gossip.wire.Incarnation;
import io.culvert.gossip.wire.Left;
import io.culvert.gossip.wire.PeerAddress;

/** This member's own word about itself. The incarnation only ever grows. */
final class Self {
    private static final byte[] UNSIGNED = new byte[64];

    private final Signer signer;
    private Alive alive;
    private boolean leaving;

    /** @param epoch already larger than that of any earlier start */
    Self(Signer signer, Profile profile, long epoch) {
        this.signer = signer;
        this.alive = sign(new Alive(
                signer.publicKey().id(),
                new Incarnation(epoch, 0),
                profile.address(),
                profile.tunnelPort(),
                (profile.server() ? Alive.FLAG_SERVER : 0) | Alive.VERSION_FLAGS,
                signer.publicKey(),
                UNSIGNED));
    }

    /** Where and what this member is. */
    record Profile(PeerAddress address, int tunnelPort, boolean server) {}

    NodeId id() {
        return alive.about();
    }

    Alive alive() {
        return alive;
    }

    Incarnation incarnation() {
        return alive.incarnation();
    }

    /** Takes {@code next}, which must be larger, and says so in a new signed word. */
    Alive raise(Incarnation next) {
        if (!next.isNewerThan(alive.incarnation())) {
            throw new IllegalStateException("own incarnation " + alive.incarnation() + " cannot become " + next);
        }
        alive = sign(new Alive(
                alive.about(), next, alive.address(), alive.tunnelPort(), alive.flags(), alive.publicKey(), UNSIGNED));
        return alive;
    }

    Left leave() {
        leaving = true;
        Left left = new Left(alive.about(), alive.incarnation(), UNSIGNED);
        return left.signed(signer.sign(SignatureDomain.LEFT, left.signedBytes()));
    }

    boolean isLeaving() {
        return leaving;
    }

    private Alive sign(Alive unsigned) {
        return unsigned.signed(signer.sign(SignatureDomain.ALIVE, unsigned.signedBytes()));
    }
}
