package io.culvert.gossip.membership;

import io.culvert.gossip.wire.Peer;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What the last answer to a probe said of its sender's tables: whether they are the ones that are held here. */
public final class Agreement {
    private @Nullable Peer with;
    private long at;
    private boolean contradicted;
    private @Nullable Peer toAsk;

    void answered(Peer peer, boolean equal, long now) {
        with = equal ? peer : null;
        at = now;
        contradicted = !equal;
        toAsk = equal ? null : peer;
    }

    /** Who answered the last probe from other tables than ours; named once, so that nobody is asked again and again. */
    Optional<Peer> takeDiffering() {
        Optional<Peer> differing = Optional.ofNullable(toAsk);
        toAsk = null;
        return differing;
    }

    /** Who answered the last probe, when it holds the same members and contents as this one and said so after {@code since}. */
    public Optional<Peer> since(long since) {
        return at - since >= 0 ? Optional.ofNullable(with) : Optional.empty();
    }

    /** Whether who answered the last probe holds other members or contents than this one. */
    public boolean isContradicted() {
        return contradicted;
    }
}
