package io.culvert.gossip.membership;

import io.culvert.catalog.NodeId;
import io.culvert.gossip.identity.SignatureDomain;
import io.culvert.gossip.wire.Alive;
import io.culvert.gossip.wire.Frame;
import io.culvert.gossip.wire.Incarnation;
import io.culvert.gossip.wire.Left;
import io.culvert.gossip.wire.PeerAddress;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** This member's own word about itself. The incarnation only ever grows. */
final class Self {
    private static final byte[] UNSIGNED = new byte[64];

    private final Signer signer;
    private Alive alive;
    private @Nullable Left left;

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
        Left unsigned = new Left(alive.about(), alive.incarnation(), UNSIGNED);
        Left goodbye = unsigned.signed(signer.sign(SignatureDomain.LEFT, unsigned.signedBytes()));
        left = goodbye;
        return goodbye;
    }

    boolean isLeaving() {
        return left != null;
    }

    Standing standing() {
        return isLeaving() ? Standing.LEFT : Standing.ALIVE;
    }

    /** All that others have to know about this member. */
    List<Frame> words() {
        Left goodbye = left;
        return goodbye == null ? List.of(alive) : List.of(alive, goodbye);
    }

    private Alive sign(Alive unsigned) {
        return unsigned.signed(signer.sign(SignatureDomain.ALIVE, unsigned.signedBytes()));
    }
}
