package io.culvert.gossip.membership;

import io.culvert.catalog.NodeId;
import io.culvert.catalog.clock.WallClock;
import io.culvert.gossip.bounds.Size;
import io.culvert.gossip.coordinates.Vivaldi;
import io.culvert.gossip.wire.Alive;
import io.culvert.gossip.wire.Coordinate;
import io.culvert.gossip.wire.Frame;
import io.culvert.gossip.wire.Incarnation;
import io.culvert.gossip.wire.Left;
import io.culvert.gossip.wire.Peer;
import io.culvert.gossip.wire.PeerAddress;
import io.culvert.gossip.wire.SyncFrame.CoordinateEntry;
import io.culvert.gossip.wire.SyncFrame.MemberEntry;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;

/**
 * SWIM with Lifeguard: the door of this package. Events go in with the time they came at; what is to be done goes out
 * through the {@link MembershipPort}. Everything unsigned is only an accusation, which its victim can refute; everything
 * else is a member's own signed word.
 *
 * <p>Long because it is the door: every event has its short method here, which hands it to the machine that knows.
 */
public final class Membership {
    private static final long THAW_CHECK_NANOS = 1_000_000_000L;
    private static final long FORGET_CHECK_NANOS = 60_000_000_000L;

    private final TimerQueue timers;
    private final MembershipPort port;
    private final MemberTable table = new MemberTable();
    private final Claims claims;
    private final LocalHealth health;
    private final Prober prober;
    private final ProbeRelay relay;
    private final Standings standings;
    private final Accusations accusations;
    private final TableComparison comparison;
    private final PeerChoice choice;
    private final CoordinateBook book;
    private final Vivaldi vivaldi;
    private final Refuter refuter;
    private final Self self;
    private final long lateEveryNanos;
    private final Agreement agreement = new Agreement();
    private long contentRoot;
    private int reportedHealth;
    private long mayBeLateAt = Long.MIN_VALUE;

    /** What stays the same as long as the process lives. */
    public record Identity(Signer signer, PeerAddress address, int tunnelPort, boolean server) {}

    /** The effects, the chance and the calendar that this machine is given. */
    public record Environment(MembershipPort port, RandomGenerator random, WallClock wall) {}

    /** @param epoch larger than that of any earlier start of this agent */
    public Membership(
            SwimSettings settings, Identity identity, long epoch, TimerQueue timers, Environment environment) {
        this.timers = timers;
        this.port = environment.port();
        RandomGenerator random = environment.random();
        self = new Self(
                identity.signer(),
                new Self.Profile(identity.address(), identity.tunnelPort(), identity.server()),
                epoch);
        health = new LocalHealth(settings.probe().maxHealthScore());
        claims = new Claims(port);
        vivaldi = new Vivaldi(random);
        lateEveryNanos = settings.probe().interval().toNanos();
        Prober.Roll roll = new Prober.Roll(table, new ProbeOrder(random));
        Prober.Outside outside = new Prober.Outside(port, random, new Asking());
        standings = new Standings(settings, roll, claims, new IncarnationBounds(environment.wall()), outside);
        accusations =
                new Accusations(settings, table, standings, claims, new Accusations.Around(timers, port, self.id()));
        prober = new Prober(settings.probe(), roll, health, timers, outside);
        relay = new ProbeRelay(settings.probe(), table, timers, outside);
        refuter = new Refuter(self, health, timers, port);
        comparison = new TableComparison(settings.keeping(), table, self, refuter);
        choice = new PeerChoice(table, random, settings.spread());
        book = new CoordinateBook(table, self);
    }

    private final class Asking implements Prober.Surroundings {
        @Override
        public Frame.Ping ping(long nonce, Member target) {
            return new Frame.Ping(nonce, target.id(), target.incarnation.number(), memberRoot(), contentRoot);
        }

        @Override
        public void unanswered(Member target, long now) {
            if (!self.isLeaving()) {
                accusations.unanswered(target, now);
            }
        }

        @Override
        public void measured(NodeId peer, Coordinate coordinate, long roundTripNanos) {
            vivaldi.onRoundTrip(peer, coordinate, roundTripNanos);
        }

        @Override
        public void answered(Member target, Frame.Ack ack, long now) {
            boolean equal = ack.memberRoot() == memberRoot() && ack.contentRoot() == contentRoot;
            agreement.answered(target.peer(), equal, now);
        }
    }

    /** Begins to probe and to say that we are here. */
    public void start(long now) {
        prober.start(now);
        timers.at(now + THAW_CHECK_NANOS, this::checkThaw);
        timers.at(now + FORGET_CHECK_NANOS, this::checkForget);
        port.spread(self.alive());
    }

    private void checkThaw(long now) {
        timers.at(now + THAW_CHECK_NANOS, this::checkThaw);
        standings.thaw(now);
        if (health.score() != reportedHealth) {
            reportedHealth = health.score();
            port.noticed(new MembershipPort.HealthScore(reportedHealth));
        }
    }

    private void checkForget(long now) {
        timers.at(now + FORGET_CHECK_NANOS, this::checkForget);
        standings.forgetOld(now);
    }

    /** Says goodbye. Goes on answering, so that nobody takes it for a failure meanwhile. */
    public void leave() {
        port.spread(self.leave());
    }

    public boolean isLeaving() {
        return self.isLeaving();
    }

    /**
     * Gives up a dead member before its time, here and everywhere.
     *
     * @return whether it was dead
     */
    public boolean forceOut(NodeId id, long now) {
        Member member = table.find(id);
        if (member == null || member.standing != Standing.DEAD) {
            return false;
        }
        accusations.onAccusation(new Frame.Forget(id, member.incarnation, self.id()), false, now);
        return true;
    }

    /** Whether somebody is there: answers, and says more when the asker's knowledge is old. */
    public void onPing(Peer from, Frame.Ping ping) {
        if (ping.target().equals(self.id())) {
            port.send(from, answer(ping));
        }
    }

    /** The answer to {@code ping}, by whatever way it came. */
    public List<Frame> answer(Frame.Ping ping) {
        List<Frame> frames = new ArrayList<>(2);
        frames.add(new Frame.Ack(
                ping.nonce(), self.id(), self.incarnation().number(), memberRoot(), contentRoot, vivaldi.coordinate()));
        if (ping.targetIncarnation() != self.incarnation().number()) {
            frames.add(self.alive());
        }
        return frames;
    }

    public boolean isSelf(NodeId id) {
        return self.id().equals(id);
    }

    /**
     * An authentic packet of {@code from} came.
     *
     * @param proven whether it cannot be a recording
     * @return how far words in it are to be trusted
     */
    public Hearing hear(Peer from, boolean proven, boolean compared, long now) {
        Member member = table.find(from.id());
        boolean vouched = proven
                && member != null
                && member.standing.isPresent()
                && member.alive.address().ip().equals(from.address().ip());
        if (vouched && member != null) {
            member.heard(now);
        }
        return new Hearing(from.id(), vouched, compared);
    }

    public void onAck(NodeId from, Frame.Ack ack, long now) {
        prober.onAck(from, ack, now);
        relay.onAck(from, ack);
    }

    public void onStreamAck(NodeId from, Frame.Ack ack, long now) {
        prober.onStreamAck(from, ack, now);
    }

    public void onNack(NodeId from, Frame.Nack nack) {
        prober.onNack(from, nack);
    }

    public void onPingRequest(Peer asker, Frame.PingRequest request, long now) {
        if (!isSelf(request.target())) {
            relay.onRequest(asker, request, now);
        }
    }

    /** {@code peer} wants a sign of life of our session before it believes unsigned words: the next packet carries it. */
    public void onEchoWanted(Peer peer, long now) {
        if (!prober.repeat(peer.id(), now) && !relay.repeat(peer.id())) {
            port.send(peer, List.of());
        }
    }

    /** A word about somebody. */
    public void onRumour(Frame.Rumour rumour, Hearing hearing, long now) {
        if (isSelf(rumour.about())) {
            onWordAboutSelf(rumour, hearing, now);
        } else if (rumour instanceof Alive alive) {
            standings.onAlive(alive, hearing, now);
        } else if (rumour instanceof Left left) {
            standings.onLeft(left, hearing, now);
        } else if (rumour instanceof Frame.Accusation accusation) {
            accusations.onAccusation(accusation, hearing.compared(), now);
        }
    }

    private void onWordAboutSelf(Frame.Rumour rumour, Hearing hearing, long now) {
        if (rumour instanceof Frame.Accusation accusation) {
            refuter.onAccusation(accusation, now);
        } else if (!rumour.equals(self.alive())
                && !self.isLeaving()
                && !self.incarnation().isNewerThan(rumour.incarnation())) {
            claims.submit(Standings.claim(rumour, hearing, self.alive().publicKey()), now);
        }
    }

    /** The check that {@link MembershipPort#verify} asked for is done. */
    public void onVerdict(MembershipPort.Claim claim, boolean genuine, long now) {
        Frame.Rumour word = claim.rumour();
        Frame.Rumour follower = claims.end(word);
        if (!genuine) {
            standings.badSignature(claim.hearing(), now);
        } else if (isSelf(word.about())) {
            refuter.onEarlierWord(word.incarnation(), now);
        } else {
            standings.onVerified(word, claim.hearing(), follower instanceof Frame.Dead dead ? dead : null, now);
            accusations.onNewWord(word.about(), now);
            if (follower instanceof Left left) {
                standings.onLeft(left, claim.hearing(), now);
            } else if (follower instanceof Frame.Accusation accusation) {
                accusations.onAccusation(accusation, true, now);
            }
        }
    }

    /** This process did not run for {@code nanos}: whatever it waited for may have come and gone. It accuses nobody. */
    public void onPause(long nanos, long now) {
        prober.excuse();
        relay.clear();
        accusations.restart(now);
        health.wasLate();
        port.noticed(new MembershipPort.Paused(nanos));
    }

    /** Timers run {@code nanos} late: answers and objections may wait unread. It accuses nobody for it. */
    public void onLate(long nanos, long now) {
        prober.excuse();
        accusations.postpone(nanos);
        // Once an interval, as probes do: a jam of many timers is one sign, not many.
        if (now >= mayBeLateAt) {
            mayBeLateAt = now + lateEveryNanos;
            health.wasLate();
            port.noticed(new MembershipPort.Late(nanos));
        }
    }

    /** Sum over the contents this agent holds; goes out with probes. */
    public void setContentRoot(long root) {
        contentRoot = root;
    }

    /** Of this member with who answered its last probe. */
    public Agreement agreement() {
        return agreement;
    }

    /** Sum over all members, this one included: equal when the tables are. */
    public long memberRoot() {
        return standings.root() + StateHash.of(self.id(), self.incarnation(), self.standing());
    }

    /** Members that take part, this one included. */
    public int members() {
        return standings.members();
    }

    public boolean isFrozen() {
        return standings.isFrozen();
    }

    public int healthScore() {
        return health.score();
    }

    public Alive ownWord() {
        return self.alive();
    }

    /** What is held for others, for the counters. */
    public record Load(int claims, long claimsDropped, int errands) {}

    public Load load() {
        return new Load(claims.size(), claims.dropped(), relay.errands());
    }

    /** How much is held for others, beside the bounds. */
    public List<Size> sizes() {
        List<Size> sizes = new ArrayList<>(claims.sizes());
        sizes.add(relay.size());
        sizes.addAll(standings.sizes());
        return sizes;
    }

    /** What is said against a member, for its own ears; empty when nothing is. */
    public List<Frame> accusationsOf(NodeId id) {
        Member member = table.find(id);
        return member != null && member.word instanceof Frame.Accusation ? List.of(member.word.frame()) : List.of();
    }

    /** Whom to tell in a gossip tick, with the accusation each of them should hear about itself, if any. */
    public List<Listener> listeners(int count, long now) {
        return choice.listeners(count, now);
    }

    public record Listener(Peer peer, Optional<Frame> accusation) {}

    /**
     * With whom to compare tables: who just showed that it holds others, or else anybody; now and then somebody dead who
     * may be back. Who alone holds news would hardly ever be drawn by those who agree with everybody else.
     */
    public Optional<Peer> partner() {
        Optional<Peer> drawn = choice.partner();
        return drawn.filter(this::isPresent).isPresent()
                ? agreement.takeDiffering().filter(this::isPresent).or(() -> drawn)
                : drawn;
    }

    private boolean isPresent(Peer peer) {
        Member member = table.find(peer.id());
        return member != null && member.standing.isPresent();
    }

    /** Anybody present, by chance. */
    public Optional<Peer> anybodyBut(NodeId except) {
        return choice.anybodyBut(except);
    }

    /** The own id was seen with {@code epoch}, under our signature: take a larger one. */
    public void raiseEpochOver(long epoch, long now) {
        refuter.onEarlierWord(new Incarnation(epoch, -1), now);
    }

    public Optional<PeerAddress> addressOf(NodeId id) {
        return Optional.ofNullable(table.find(id)).map(member -> member.alive.address());
    }

    /** All others. */
    public List<MemberState> others() {
        List<MemberState> states = new ArrayList<>(table.size());
        table.all().forEach(member -> states.add(MemberState.of(member)));
        return states;
    }

    public Optional<MemberState> find(NodeId id) {
        return Optional.ofNullable(table.find(id)).map(MemberState::of);
    }

    /** What this member believes of everybody, itself included, for a comparison. */
    public List<MemberEntry> digest(NodeId peer, long now) {
        return comparison.digest(peer, now);
    }

    /** What two tables have to tell each other. */
    public record Difference(List<NodeId> want, List<Frame> tell) {}

    /** Compares with all that a peer believes. */
    public Difference compare(List<MemberEntry> theirs, NodeId peer, long now) {
        return comparison.compare(theirs, peer, now);
    }

    /** The words that a peer asked for. */
    public List<Frame> words(List<NodeId> wanted) {
        return comparison.words(wanted);
    }

    /** Where this host is in the network. */
    public Coordinate coordinate() {
        return vivaldi.coordinate();
    }

    /** Whose coordinates are to be asked for in a comparison. */
    public List<NodeId> coordinatesWanted(long now) {
        return book.wanted(now);
    }

    /** What is known of the coordinates that a peer asked for. */
    public List<CoordinateEntry> coordinates(List<NodeId> ids, long now) {
        return book.known(ids, vivaldi.coordinate(), now);
    }

    /** A peer's answer to {@code asked}. */
    public void onCoordinates(List<CoordinateEntry> entries, List<NodeId> asked, long now) {
        book.learn(entries, asked, now);
    }
}
