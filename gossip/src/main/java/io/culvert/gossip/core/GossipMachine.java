package io.culvert.gossip.core;

import io.culvert.catalog.Liveness;
import io.culvert.catalog.NodeContent;
import io.culvert.catalog.NodeId;
import io.culvert.catalog.clock.WallClock;
import io.culvert.gossip.bounds.Size;
import io.culvert.gossip.identity.PublicKeyBytes;
import io.culvert.gossip.identity.SignatureDomain;
import io.culvert.gossip.keyring.KeySchedules;
import io.culvert.gossip.membership.Hearing;
import io.culvert.gossip.membership.MemberChange;
import io.culvert.gossip.membership.MemberState;
import io.culvert.gossip.membership.Membership;
import io.culvert.gossip.membership.MembershipPort;
import io.culvert.gossip.membership.RumourQueue;
import io.culvert.gossip.membership.Signer;
import io.culvert.gossip.membership.Standing;
import io.culvert.gossip.membership.SwimSettings;
import io.culvert.gossip.membership.TimerQueue;
import io.culvert.gossip.replication.HeadSigner;
import io.culvert.gossip.replication.Moment;
import io.culvert.gossip.replication.Pull;
import io.culvert.gossip.replication.Replication;
import io.culvert.gossip.replication.TreeKey;
import io.culvert.gossip.wire.Alive;
import io.culvert.gossip.wire.Coordinate;
import io.culvert.gossip.wire.Envelope;
import io.culvert.gossip.wire.EnvelopeOutcome;
import io.culvert.gossip.wire.EnvelopeOutcome.Opened;
import io.culvert.gossip.wire.Frame;
import io.culvert.gossip.wire.Incarnation;
import io.culvert.gossip.wire.Interner;
import io.culvert.gossip.wire.MalformedFrame;
import io.culvert.gossip.wire.PacketCodec;
import io.culvert.gossip.wire.Peer;
import io.culvert.gossip.wire.PeerAddress;
import io.culvert.gossip.wire.Refusal;
import io.culvert.gossip.wire.Rejection;
import io.culvert.gossip.wire.Trust;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;

/**
 * One member's whole protocol. Not thread safe: one loop calls it, with {@code now} in nanoseconds of a monotonic clock
 * that never goes back. Every call may leave effects behind: perform what {@link #drain} returns, then look at {@link
 * #nextAt} for when {@link #onTimer} is to be called.
 *
 * <p>Long because it is the one place where membership, contents, queues and streams meet; each is a machine of its own elsewhere.
 */
public final class GossipMachine {
    /** How old an agreement may be, in probe intervals: the last probe, or the one before when that one is under way. */
    private static final int AGREEMENT_INTERVALS = 2;
    /** After so many probe intervals without news the last answer is younger than the last news. */
    private static final int QUIET_INTERVALS = 2;

    /** Within this long, by chance, a comparison that was not complete is tried again. */
    private static final long COMPARE_AGAIN_NANOS = 1_000_000_000L;

    private static final long LAG_NANOS = 100_000_000L;
    /** A goodbye is over after this long, whoever has not been told. */
    public static final Duration LEAVE_AT_MOST = Duration.ofSeconds(5);
    /** How many gossip ticks the others get to pass our goodbye on while we still answer. */
    private static final int LINGER_TICKS = 5;

    // Streams, probes for others, the own probe: about a thousand at worst; of each member one or two suspicions.
    private static final int LEAST_TIMERS = 2_048;
    private static final int TIMERS_A_MEMBER = 4;
    /** Drained after each event. */
    private static final int MOST_EFFECTS = 100_000;

    private final SwimSettings settings;
    private final RandomGenerator random;
    private final PacketGuard guard;
    private final TimerQueue timers = new TimerQueue();
    private final RumourQueue rumours = new RumourQueue();
    private final List<Effect> effects = new ArrayList<>();
    private final Membership membership;
    private final Contents contents;
    private final WallClock wall;
    private final Interner interner;
    private final Conversations conversations;
    private final Streams streams;
    private final Courier courier;
    private final Traffic traffic = new Traffic();
    private final LoopWatch watch;
    private final GossipPace pace;
    private long gossipAt = Long.MAX_VALUE;
    private long newsAt;
    private long contradictedState;
    private long contentEpoch;
    private long now;
    private boolean comparing;
    private boolean comparingAgain;
    private boolean left;

    /**
     * @param epoch larger than that of any earlier start of this agent, and on disk already
     */
    public record Parts(
            SwimSettings settings, Membership.Identity identity, long epoch, Security security, Chance chance) {}

    /**
     * @param random for choices; may be predictable
     * @param interner for what many hosts in one process would each keep a copy of
     */
    public record Chance(RandomGenerator random, WallClock wall, Interner interner) {
        public Chance(RandomGenerator random, WallClock wall) {
            this(random, wall, Interner.NONE);
        }
    }

    /** What makes bytes of what is said, and back. */
    public record Security(PacketGuard guard, StreamGuard streams, KeySchedules keys) {}

    public GossipMachine(Parts parts, long now) {
        this.now = now;
        newsAt = now;
        contentEpoch = parts.epoch();
        settings = parts.settings();
        random = parts.chance().random();
        wall = parts.chance().wall();
        interner = parts.chance().interner();
        guard = parts.security().guard();
        watch = new LoopWatch(settings.probe(), wall, now);
        membership = new Membership(
                settings,
                parts.identity(),
                parts.epoch(),
                timers,
                new Membership.Environment(new Port(), random, wall));
        NodeId self = membership.ownWord().about();
        contents = new Contents(
                new Replication.Identity(self, headSigner(parts.identity().signer()), parts.epoch()),
                TreeKey.of(parts.security().keys().primary()),
                random,
                new Ways(),
                effects::add);
        conversations = new Conversations(membership, contents, wall);
        streams = new Streams(parts.security().streams(), parts.security().keys(), timers, effects::add);
        courier = new Courier(settings.spread(), new Courier.Parcels(guard, traffic), rumours, effects::add, now);
        // By chance: agents that start together must not talk in step.
        pace = new GossipPace(
                settings, now + random.nextLong(settings.spread().interval().toNanos()));
    }

    private static HeadSigner headSigner(Signer signer) {
        return new HeadSigner() {
            @Override
            public PublicKeyBytes publicKey() {
                return signer.publicKey();
            }

            @Override
            public byte[] sign(byte[] head) {
                return signer.sign(SignatureDomain.HEAD, head);
            }
        };
    }

    private final class Ways implements Contents.Ways {
        @Override
        public void sendContent(NodeId to, Frame.Content frame) {
            pace.askedAt(now);
            membership.addressOf(to).ifPresent(address -> courier.sendBare(new Peer(to, address), List.of(frame)));
        }

        @Override
        public void pull(NodeId from, Pull pull) {
            pullAt(membership.addressOf(from), pull);
        }

        @Override
        public void pullElsewhere(NodeId except, Pull pull) {
            pullAt(membership.anybodyBut(except).map(Peer::address), pull);
        }

        private void pullAt(Optional<PeerAddress> address, Pull pull) {
            pace.askedAt(now);
            Runnable ended = () -> contents.replication().onPullEnded(pull.owner(), moment());
            if (address.isPresent()) {
                streams.connect(address.get(), traffic.counting(conversations.pull(address.get(), pull, ended)), now);
            } else {
                ended.run();
            }
        }

        @Override
        public void ownEpochSeen(long epoch) {
            membership.raiseEpochOver(epoch, now);
        }

        @Override
        public <T> T share(T value) {
            return interner.share(value);
        }
    }

    private final class Port implements MembershipPort {
        @Override
        public void send(Peer to, List<? extends Frame> frames) {
            courier.send(to, frames, membership.members(), now);
        }

        @Override
        public void spread(Frame.Rumour rumour) {
            rumours.add(rumour, now);
        }

        @Override
        public void introduce(Alive newcomer) {
            rumours.introduce(newcomer, now);
        }

        @Override
        public void pingByStream(Peer to, Frame.Ping ping) {
            streams.connect(to.address(), traffic.counting(conversations.probe(to.address(), ping)), now);
        }

        @Override
        public void verify(Claim claim) {
            effects.add(new Effect.Verify(new SignatureCheck.OfMember(claim)));
        }

        @Override
        public void ownIncarnation(Incarnation incarnation) {
            effects.add(new Effect.PersistEpoch(incarnation.epoch()));
            if (incarnation.epoch() > contentEpoch) {
                contentEpoch = incarnation.epoch();
                contents.replication().adoptEpoch(contentEpoch, moment());
            }
        }

        @Override
        public void changed(MemberChange change) {
            effects.add(new Effect.Changed(change));
            if (change.after() == Liveness.SUSPECT || change.after() == Liveness.FAILED) {
                pace.accusedAt(now);
            }
            membership
                    .find(change.member())
                    .ifPresent(member -> contents.replication()
                            .memberChanged(change.member(), member.alive().publicKey(), change.after(), moment()));
        }

        @Override
        public void renewed(NodeId member) {
            effects.add(new Effect.Renewed(member));
        }

        @Override
        public void forgotten(NodeId member) {
            contents.replication().memberForgotten(member);
            effects.add(new Effect.Forgotten(member));
        }

        @Override
        public void noticed(Notice notice) {
            effects.add(new Effect.Notice(notice));
        }
    }

    /** Begins; to be called once. */
    public void start(long at) {
        now = at;
        membership.start(at);
        timers.at(at + nextComparison(), this::compare);
    }

    /** What is to be done, in order; empty afterwards. */
    public List<Effect> drain() {
        scheduleGossip();
        if (effects.isEmpty()) {
            return List.of();
        }
        List<Effect> drained = List.copyOf(effects);
        effects.clear();
        return drained;
    }

    /** When {@link #onTimer} is to be called at the latest. */
    public long nextAt() {
        return timers.nextAt();
    }

    /** Runs what is due. A task that throws is gone; call again for the others. */
    public void onTimer(long at) {
        now = at;
        long dueAt = timers.nextAt();
        long late = Math.max(0, at - dueAt);
        if (late > LAG_NANOS) {
            effects.add(new Effect.Lagged(late));
        }
        mind(watch.onTimers(at, dueAt));
        boolean more = true;
        while (more) {
            more = timers.runNext(at);
        }
    }

    // Before anything else: were we away? Then nothing that waited may be held against others.
    private void enter(long at) {
        now = at;
        mind(watch.onEvent(at, timers.nextAt()));
    }

    private void mind(LoopWatch.Finding finding) {
        if (finding.state() == LoopWatch.State.AWAY) {
            membership.onPause(finding.nanos(), now);
        } else if (finding.state() == LoopWatch.State.LATE) {
            membership.onLate(finding.nanos(), now);
        }
    }

    /** A packet from the network; any bytes. */
    public void onDatagram(byte[] packet, PeerAddress from, long at) {
        enter(at);
        membership.setContentRoot(contents.replication().root());
        EnvelopeOutcome outcome = guard.open(packet);
        if (outcome instanceof Opened opened) {
            try {
                onFrames(PacketCodec.decode(opened.payload()), opened, new Peer(opened.sender(), from), packet.length);
            } catch (MalformedFrame malformed) {
                effects.add(new Effect.Refused(Refusal.MALFORMED, from));
            }
        } else if (outcome instanceof EnvelopeOutcome.Rejected rejected) {
            refused(rejected.reason(), from);
        }
    }

    private void onFrames(List<Frame> frames, Opened opened, Peer sender, int packetBytes) {
        boolean proven = opened.trust() == Trust.PROVEN;
        traffic.received(frames);
        Hearing hearing = membership.hear(sender, proven, false, now);
        boolean proofWanted = false;
        for (Frame frame : frames) {
            if (proven || isHarmlessWhenReplayed(frame)) {
                onFrame(frame, sender, hearing);
            } else {
                proofWanted = true;
            }
        }
        if (guard.owesEcho(sender.id())) {
            membership.onEchoWanted(sender, now);
            contents.replication().onEchoWanted(sender.id());
        } else if (proofWanted && packetBytes >= Envelope.OVERHEAD_BYTES + 2 * Long.BYTES) {
            // Our cookie goes with it; never longer than what was sent to us, so that nobody can make us flood a third.
            courier.sendBare(sender, List.of());
        }
    }

    private static boolean isHarmlessWhenReplayed(Frame frame) {
        return switch (frame.type()) {
            case ALIVE, LEFT, HEAD, DELTA, REPAIR -> true;
            // Only believed under a nonce that we drew and that is still open: no recording has it.
            case ACK, NACK -> true;
            default -> false;
        };
    }

    private void onFrame(Frame frame, Peer sender, Hearing hearing) {
        if (frame instanceof Frame.Ping ping) {
            membership.onPing(sender, ping);
        } else if (frame instanceof Frame.Ack ack) {
            membership.onAck(sender.id(), ack, now);
        } else if (frame instanceof Frame.Rumour rumour) {
            membership.onRumour(rumour, hearing, now);
        } else if (frame instanceof Frame.Content content) {
            contents.replication().onFrame(sender.id(), content, moment());
        } else if (frame instanceof Frame.PingRequest request) {
            membership.onPingRequest(sender, request, now);
        } else if (frame instanceof Frame.Nack nack) {
            membership.onNack(sender.id(), nack);
        }
    }

    private void refused(Rejection reason, PeerAddress from) {
        Refusal refusal = switch (reason) {
            case TOO_SHORT, UNKNOWN_VERSION, UNKNOWN_FLAGS -> Refusal.MALFORMED;
            case TOO_LONG -> Refusal.TOO_LONG;
            case UNKNOWN_KEY -> Refusal.UNKNOWN_KEY;
            case NOT_AUTHENTIC -> Refusal.NOT_AUTHENTIC;
            case REPLAYED, TOO_OLD, OWN_PACKET -> Refusal.REPLAYED;
            case OWN_IDENTITY -> Refusal.OWN_IDENTITY;
        };
        effects.add(new Effect.Refused(refusal, from));
    }

    /** Compares with whoever is at {@code to}; {@link Effect.JoinEnded} says how it went. */
    public void join(long join, PeerAddress to, long at) {
        enter(at);
        streams.connect(
                to,
                traffic.counting(conversations.compare(to, (complete, differing) -> {
                    effects.add(new Effect.JoinEnded(join, complete));
                    if (!complete) {
                        compareAgainSoon();
                    }
                })),
                at);
    }

    /** Words from the own disk: checked and believed like any others. */
    public void recall(List<Frame> words, long at) {
        enter(at);
        NodeId self = membership.ownWord().about();
        Hearing fromDisk = new Hearing(self, true, false);
        for (Frame word : words) {
            if (word instanceof Frame.Rumour rumour) {
                membership.onRumour(rumour, fromDisk, at);
            } else if (word instanceof Frame.Content content) {
                contents.replication().onFrame(self, content, moment());
            }
        }
    }

    /** What {@link #recall} should be given by the next process. */
    public List<Frame> snapshot() {
        List<Frame> words = new ArrayList<>();
        for (MemberState member : membership.others()) {
            if (member.standing() != Standing.LEFT) {
                words.add(member.alive());
            }
        }
        words.addAll(contents.replication().snapshot());
        return words;
    }

    /** Makes {@code content} what everybody knows of this host. */
    public void publish(NodeContent content, long at) {
        enter(at);
        contents.publish(content, moment());
    }

    /** New streams are keyed by, and contents are compared under, these keys. */
    public void use(KeySchedules keys) {
        streams.use(keys);
        contents.replication().useTreeKey(TreeKey.of(keys.primary()));
    }

    private Moment moment() {
        return new Moment(now, wall.now().getEpochSecond());
    }

    /** @return the number of the stream, or 0 when it is to be closed at once */
    public long onStreamAccepted(PeerAddress from, long at) {
        enter(at);
        return streams.accept(from, () -> traffic.counting(conversations.answer(from)), at);
    }

    public void onStreamOpened(long stream, long at) {
        enter(at);
        streams.onOpened(stream);
    }

    public void onStreamBytes(long stream, byte[] bytes, long at) {
        enter(at);
        streams.onBytes(stream, bytes, at);
    }

    /** The connection failed, or was ended by the other side. */
    public void onStreamClosed(long stream, long at) {
        enter(at);
        streams.onClosed(stream);
    }

    /** What {@link Effect.Verify} asked for. */
    public void onVerdict(SignatureCheck check, boolean genuine, long at) {
        enter(at);
        if (check instanceof SignatureCheck.OfMember word) {
            membership.onVerdict(word.claim(), genuine, at);
        } else if (check instanceof SignatureCheck.OfHead head) {
            contents.replication().onVerdict(head.ticket(), genuine, moment());
        }
    }

    /** Says goodbye; {@link Effect.Left} comes when everybody who can be told has been. */
    public void leave(long at) {
        enter(at);
        membership.leave();
        timers.at(at + LEAVE_AT_MOST.toNanos(), this::endLeave);
        if (membership.members() == 1) {
            endLeave(at);
        }
    }

    private void endLeave(long at) {
        if (!left) {
            left = true;
            effects.add(new Effect.Left());
        }
    }

    /** Gives up a dead member for good; false when it is not dead. */
    public boolean forceOut(NodeId member, long at) {
        enter(at);
        return membership.forceOut(member, at);
    }

    private boolean hasNews() {
        return rumours.size() > 0 || contents.isWaiting();
    }

    // All news is told, and still a probe was answered from other tables than ours: somebody missed a rumour. The next
    // comparison would find out in ten seconds; one in between, for each state of ours, finds out at once.
    private void compareEarly(long at) {
        long state = membership.memberRoot() ^ contents.replication().root();
        if (hasNews()) {
            newsAt = at;
        } else if (membership.agreement().isContradicted()
                && state != contradictedState
                && at - newsAt >= QUIET_INTERVALS * settings.probe().interval().toNanos()) {
            contradictedState = state;
            compareNow(at);
        }
    }

    private void scheduleGossip() {
        long due = pace.next(hasNews(), now);
        if (due < gossipAt) {
            gossipAt = due;
            timers.at(due, this::gossip);
        }
    }

    private void gossip(long at) {
        if (at < gossipAt) {
            // Set before an earlier one was, which has been here.
            return;
        }
        gossipAt = Long.MAX_VALUE;
        pace.ticked(hasNews(), at);
        contents.replication().onTick(moment());
        membership.setContentRoot(contents.replication().root());
        compareEarly(at);
        boolean saidGoodbye = rumours.contains(membership.ownWord().about());
        for (Membership.Listener listener :
                membership.listeners(settings.spread().fanout(), at)) {
            List<Frame> first = listener.accusation().map(List::of).orElse(List.of());
            courier.tell(listener.peer(), first, contents, membership.members(), at);
        }
        if (saidGoodbye
                && membership.isLeaving()
                && !rumours.contains(membership.ownWord().about())) {
            timers.at(at + LINGER_TICKS * settings.spread().interval().toNanos(), this::endLeave);
        }
    }

    private void compare(long at) {
        timers.at(at + nextComparison(), this::compare);
        compareNow(at);
    }

    // Whom we asked was busy, or is gone: somebody else is not. Once at a time, and only while somebody is there.
    private void compareAgainSoon() {
        if (!comparingAgain) {
            comparingAgain = true;
            timers.at(now + random.nextLong(COMPARE_AGAIN_NANOS), at -> {
                comparingAgain = false;
                compareNow(at);
            });
        }
    }

    private void compareNow(long at) {
        Optional<Peer> partner = comparing ? Optional.empty() : membership.partner();
        if (partner.isEmpty()) {
            return;
        }
        boolean present = isPresent(partner.get());
        if (present && reportAgreement(at)) {
            return;
        }
        comparing = true;
        PeerAddress address = partner.get().address();
        streams.connect(
                address,
                traffic.counting(conversations.compare(address, (complete, differing) -> {
                    comparing = false;
                    effects.add(new Effect.SyncEnded(address, complete, differing));
                    if (!complete && present) {
                        compareAgainSoon();
                    }
                })),
                at);
    }

    private boolean isPresent(Peer peer) {
        return membership
                .find(peer.id())
                .map(member -> member.standing().isPresent())
                .orElse(false);
    }

    // Who answered our last probe said that it holds exactly what we hold: a comparison over a stream would begin and
    // end
    // with the same two numbers.
    private boolean reportAgreement(long at) {
        Optional<Peer> equal = membership
                .agreement()
                .since(at - AGREEMENT_INTERVALS * settings.probe().interval().toNanos());
        equal.ifPresent(peer -> effects.add(new Effect.SyncEnded(peer.address(), true, 0)));
        return equal.isPresent();
    }

    // Give or take a fifth, so that agents that started together drift apart.
    private long nextComparison() {
        long interval = settings.spread().antiEntropyInterval().toNanos();
        return interval * 4 / 5 + random.nextLong(interval * 2 / 5);
    }

    /** Members that take part, this one included. */
    public int members() {
        return membership.members();
    }

    /** Every other member. */
    public List<MemberState> others() {
        return membership.others();
    }

    public Optional<MemberState> find(NodeId member) {
        return membership.find(member);
    }

    public Alive ownWord() {
        return membership.ownWord();
    }

    public boolean isFrozen() {
        return membership.isFrozen();
    }

    public int healthScore() {
        return membership.healthScore();
    }

    /** Sum over all contents held here. */
    public long contentRoot() {
        return contents.replication().root();
    }

    /** Owners whose content is held here, this host included. */
    public int ownersWithContent() {
        return contents.replication().ownersWithContent();
    }

    /** Sum over the member table: equal where the tables are. */
    public long memberRoot() {
        return membership.memberRoot();
    }

    /** Rumours about members that are still being told. */
    public int rumours() {
        return rumours.size();
    }

    public int openStreams() {
        return streams.open();
    }

    /**
     * How much is held for others: the account of every table and queue that others can grow. All together stay within
     * a + b * members, whoever floods.
     */
    public List<Size> sizes() {
        List<Size> sizes = new ArrayList<>(membership.sizes());
        sizes.addAll(contents.replication().sizes());
        sizes.addAll(streams.sizes());
        sizes.add(rumours.filled());
        sizes.add(new Size("timers", timers.size(), LEAST_TIMERS + (long) TIMERS_A_MEMBER * membership.members()));
        sizes.add(new Size("effects", effects.size(), MOST_EFFECTS));
        return sizes;
    }

    /** Where this host is in the network. */
    public Coordinate coordinate() {
        return membership.coordinate();
    }

    /** Bytes of messages on streams that are not complete yet. */
    int heldStreamBytes() {
        return streams.heldBytes();
    }

    /** How much there is to do, how full the queues are, and how far behind. Looks at every owner: not for every packet. */
    public GossipLoad load(long at) {
        return new GossipLoad(
                new GossipLoad.Queue(rumours.size(), rumours.oldestNanos(at), rumours.dropped()),
                contents.replication().load(at),
                membership.load(),
                watch.takeLongestLag(),
                timers.size(),
                streams.open(),
                traffic.totals());
    }
}
