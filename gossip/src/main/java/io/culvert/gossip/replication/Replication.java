package io.culvert.gossip.replication;

import io.culvert.catalog.Liveness;
import io.culvert.catalog.NodeContent;
import io.culvert.catalog.NodeId;
import io.culvert.gossip.bounds.Size;
import io.culvert.gossip.identity.PublicKeyBytes;
import io.culvert.gossip.replication.ReplicationNotice.Kind;
import io.culvert.gossip.wire.Frame;
import io.culvert.gossip.wire.MalformedFrame;
import io.culvert.gossip.wire.SyncFrame;
import io.culvert.gossip.wire.TreeNode;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Content of all owners as this host knows it, its own included: takes frames, verdicts, and news of the membership, and
 * tells the {@link ReplicationPort} what to do. Rumours bring speed, pulls and comparison of trees bring certainty. An
 * owner's content changes only by what that owner signed, forward only, as a whole. Pure; confined to the gossip loop.
 */
public final class Replication {
    private static final long HOUSEKEEPING_NANOS = 60_000_000_000L;

    private final ReplicationSettings settings;
    private final ReplicationPort port;
    private final RandomGenerator random;
    private final OwnRecords own;
    private final Owners owners;
    private final ContentRumours rumours;
    private final Pulls pulls;
    private final Receiver receiver;
    private final FlapDamper damper = new FlapDamper();
    private @Nullable NodeContent wanted;
    private @Nullable NodeContent told;
    private long moreAt = Long.MAX_VALUE;
    private long signAgainAt;
    private long housekeepingAt;
    private boolean ticked;

    /** Who this host is to the pool. */
    public record Identity(NodeId self, HeadSigner signer, long epoch) {}

    /**
     * @param treeKey of the pool's primary key
     * @param random for jitter
     */
    public Replication(
            ReplicationSettings settings,
            Identity identity,
            TreeKey treeKey,
            RandomGenerator random,
            ReplicationPort port) {
        this.settings = settings;
        this.port = port;
        this.random = random;
        this.own = new OwnRecords(identity.self(), identity.signer(), identity.epoch(), ContentRumours.DATAGRAM_BODY);
        this.rumours = new ContentRumours(settings.bounds().rumours());
        this.pulls = new Pulls(settings, port);
        this.owners = new Owners(settings, own, treeKey, port, this::dropNewsOf);
        this.receiver = new Receiver(settings, port, owners, pulls, rumours);
    }

    /**
     * Makes {@code content} what everybody knows of this host, and tells {@link ReplicationPort#changed}; the same as
     * before changes nothing. An instance that flaps is shown with its worst status of the last five seconds.
     *
     * @throws ContentRefused if it is more than the pool carries; what was published before stays
     */
    public void publish(NodeContent content, Moment now) throws ContentRefused {
        tell(content, now);
        wanted = content;
    }

    private void tell(NodeContent content, Moment now) throws ContentRefused {
        FlapDamper.Damped damped = damper.damp(content, told, now.nanos());
        Announcement news = own.publish(damped.content(), now);
        damper.told(damped, now.nanos());
        told = damped.content();
        moreAt = damped.dueAt();
        if (news != null) {
            announce(news, now);
            port.changed(damped.content(), true);
        }
    }

    private void tellMore(Moment now) {
        NodeContent waiting = wanted;
        if (waiting == null || now.nanos() - moreAt < 0 || moreAt == Long.MAX_VALUE) {
            return;
        }
        try {
            tell(waiting, now);
        } catch (ContentRefused impossible) {
            throw new IllegalStateException("content that was taken with other statuses is refused", impossible);
        }
    }

    /** Goes on under a later epoch, which is on disk. */
    public void adoptEpoch(long later, Moment now) {
        Announcement news = own.adoptEpoch(later, now);
        if (news != null) {
            announce(news, now);
        }
    }

    /**
     * Takes a frame of {@code from}, whatever its bytes. A {@link Pull} may be handed in only when the sender's session is
     * proven: the answer is longer than the question.
     */
    public void onFrame(NodeId from, Frame.Content frame, Moment now) {
        try {
            ReplicationFrame read = ReplicationFrame.read(frame);
            if (read instanceof Pull pull) {
                onPull(from, pull);
            } else if (read instanceof Announcement announcement) {
                receiver.onAnnouncement(from, announcement, now);
            }
        } catch (MalformedFrame malformed) {
            port.noticed(new ReplicationNotice(Kind.MALFORMED, from, from));
        }
    }

    /** {@code peer} answers only once it has seen a sign of life of our session, which every packet to it now carries. */
    public void onEchoWanted(NodeId peer) {
        pulls.repeat(peer);
    }

    /** The verdict that {@link ReplicationPort#verify} asked for; an unknown ticket changes nothing. */
    public void onVerdict(long ticket, boolean authentic, Moment now) {
        receiver.onVerdict(ticket, authentic, now);
    }

    /** A stream of {@link ReplicationPort#pullByStream} or {@code pullFromAnother} is over, well or not. */
    public void onPullEnded(NodeId owner, Moment now) {
        pulls.streamEnded(owner, now.nanos());
    }

    /** A member is there, or has changed; {@code key} is its own, proven by its id. */
    public void memberChanged(NodeId member, PublicKeyBytes key, Liveness liveness, Moment now) {
        if (!member.equals(own.self())) {
            owners.memberChanged(member, key, liveness, now.nanos());
        }
    }

    /** The membership has forgotten it, and so do we. */
    public void memberForgotten(NodeId member) {
        owners.memberForgotten(member);
    }

    /** To be called a few times a second. */
    public void onTick(Moment now) {
        pulls.onTick(now.nanos());
        tellMore(now);
        if (own.head() != null && now.nanos() - signAgainAt >= 0) {
            announce(own.signAgain(now), now);
        }
        if (!ticked || now.nanos() - housekeepingAt >= 0) {
            ticked = true;
            housekeepingAt = now.nanos() + HOUSEKEEPING_NANOS;
            owners.keepHouse(now.nanos());
        }
    }

    /** News to be told; drawn by each gossip tick. */
    public ContentRumours rumours() {
        return rumours;
    }

    /** Keyed sum over all listed (owner, epoch, version): equal at two hosts that hold the same. */
    public long root() {
        return owners.tree().root();
    }

    /** Compares under another key from now on: the pool's primary key has changed. */
    public void useTreeKey(TreeKey treeKey) {
        owners.useTreeKey(treeKey);
    }

    /** What answers {@code pull}; null when nothing newer is known here. */
    public @Nullable Repair repairFor(Pull pull) {
        return owners.repairFor(pull);
    }

    /** Which state of every listed owner is held, for a peer to compare; at least one frame. */
    public List<SyncFrame.ContentDigest> digest() {
        return ContentComparison.digest(owners.tree().entries(TreeNode.ROOT));
    }

    /** What to ask a peer that holds {@code theirs}. */
    public List<Pull> lacking(List<SyncFrame.ContentEntry> theirs) {
        return ContentComparison.lacking(owners, theirs);
    }

    /** How many more heads may wait for a verdict: streams are read only as fast as this allows. */
    public int verificationRoom() {
        return receiver.verificationRoom();
    }

    /** How many owners have content here, this host included. */
    public int ownersWithContent() {
        return owners.withContent();
    }

    /** How much is held for others. */
    public List<Size> sizes() {
        List<Size> sizes = new ArrayList<>(owners.sizes());
        sizes.add(new Size(
                "questions for records", pulls.size(), settings.bounds().pulls()));
        sizes.add(new Size(
                "heads to verify",
                settings.bounds().verifications() - Math.max(0, receiver.verificationRoom()),
                settings.bounds().verifications()));
        sizes.add(new Size(
                "rumours of contents", rumours.size(), settings.bounds().rumours()));
        return sizes;
    }

    /** How busy replication is. */
    public ReplicationLoad load(long nowNanos) {
        return new ReplicationLoad(
                rumours.load(true, nowNanos),
                rumours.load(false, nowNanos),
                rumours.dropped(),
                owners.behind(),
                pulls.size(),
                receiver.verificationsUnderWay(),
                owners.strangers());
    }

    /** All that is held of others, for the snapshot on disk: read back by handing each to {@link #onFrame}. */
    public List<Frame.Content> snapshot() {
        return owners.all().stream().map(Repair::frame).toList();
    }

    Owners owners() {
        return owners;
    }

    private void announce(Announcement news, Moment now) {
        rumours.add(news, own.tookAway(), now.nanos());
        owners.ownChanged(news.head());
        // Spread over a sixth, so that hosts that started together do not sign again together.
        long whole = settings.resignAfter().toNanos();
        signAgainAt = now.nanos() + whole - random.nextLong(whole / 6 + 1);
    }

    private void onPull(NodeId from, Pull pull) {
        Repair repair = owners.repairFor(pull);
        if (repair != null) {
            Frame.Content whole = repair.frame();
            port.send(
                    from,
                    whole.bodyLength() <= ContentRumours.DATAGRAM_BODY
                            ? whole
                            : repair.head().frame());
        }
    }

    private void dropNewsOf(NodeId owner) {
        rumours.drop(owner);
        pulls.done(owner);
    }
}
