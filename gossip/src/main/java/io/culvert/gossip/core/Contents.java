package io.culvert.gossip.core;

import io.culvert.catalog.NodeContent;
import io.culvert.catalog.NodeId;
import io.culvert.gossip.identity.PublicKeyBytes;
import io.culvert.gossip.replication.ContentRefused;
import io.culvert.gossip.replication.ContentRumours;
import io.culvert.gossip.replication.Head;
import io.culvert.gossip.replication.Moment;
import io.culvert.gossip.replication.Pull;
import io.culvert.gossip.replication.Replication;
import io.culvert.gossip.replication.ReplicationNotice;
import io.culvert.gossip.replication.ReplicationPort;
import io.culvert.gossip.replication.ReplicationSettings;
import io.culvert.gossip.replication.TreeKey;
import io.culvert.gossip.wire.Envelope;
import io.culvert.gossip.wire.Frame;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;

/** Replication in the machine: lends it datagrams, streams and listeners, and turns what it wants into effects. */
final class Contents implements ReplicationPort {
    private final Replication replication;
    private final Ways ways;
    private final Consumer<Effect> effects;
    private final NodeId self;

    Contents(
            Replication.Identity identity,
            TreeKey treeKey,
            RandomGenerator random,
            Ways ways,
            Consumer<Effect> effects) {
        this.self = identity.self();
        this.ways = ways;
        this.effects = effects;
        this.replication = new Replication(ReplicationSettings.DEFAULT, identity, treeKey, random, this);
    }

    /** How the machine reaches others. */
    interface Ways {
        void sendContent(NodeId to, Frame.Content frame);

        /** Asks {@code from} over a stream. */
        void pull(NodeId from, Pull pull);

        /** Asks anybody but {@code except} over a stream. */
        void pullElsewhere(NodeId except, Pull pull);

        /** The own id was seen with {@code epoch}. */
        void ownEpochSeen(long epoch);

        /** One object of several equal ones. */
        <T> T share(T value);
    }

    Replication replication() {
        return replication;
    }

    /** Whether there is news to be told. */
    boolean isWaiting() {
        return replication.rumours().size() > 0;
    }

    /** News for one listener, of at most {@code bytes} in all; each frame fits into one packet. */
    List<Frame> take(int bytes, int members) {
        List<Frame> taken = new ArrayList<>();
        ContentRumours.Round round = new ContentRumours.Round();
        int left = bytes;
        boolean more = true;
        while (more && left > 0) {
            List<Frame.Content> frames =
                    replication.rumours().take(round, Math.min(left, Envelope.MAXIMUM_PAYLOAD), members);
            taken.addAll(frames);
            left -= Frame.length(frames);
            more = !frames.isEmpty();
        }
        return taken;
    }

    void publish(NodeContent content, Moment now) {
        try {
            replication.publish(content, now);
        } catch (ContentRefused refused) {
            effects.accept(new Effect.PublicationRefused(String.valueOf(refused.getMessage())));
        }
    }

    @Override
    public void send(NodeId to, Frame.Content frame) {
        ways.sendContent(to, frame);
    }

    @Override
    public void pullByStream(NodeId from, Pull pull) {
        ways.pull(from, pull);
    }

    @Override
    public void pullFromAnother(NodeId except, Pull pull) {
        ways.pullElsewhere(except, pull);
    }

    @Override
    public void verify(long ticket, Head head, PublicKeyBytes key) {
        effects.accept(new Effect.Verify(new SignatureCheck.OfHead(ticket, head, key)));
    }

    @Override
    public void changed(NodeContent content, boolean member) {
        // The own content is in the catalogue before it is published.
        if (!content.node().id().equals(self)) {
            effects.accept(new Effect.Content(content, member));
        }
    }

    @Override
    public void forgotten(NodeId owner) {
        effects.accept(new Effect.Forgotten(owner));
    }

    @Override
    public void noticed(ReplicationNotice notice) {
        effects.accept(new Effect.ContentNotice(notice));
    }

    @Override
    public <T> T share(T value) {
        return ways.share(value);
    }

    @Override
    public void ownEpochSeen(long epoch) {
        ways.ownEpochSeen(epoch);
    }
}
