package io.culvert.gossip.membership;

import io.culvert.catalog.NodeId;
import io.culvert.gossip.bounds.Size;
import io.culvert.gossip.wire.Alive;
import io.culvert.gossip.wire.Coordinate;
import io.culvert.gossip.wire.Frame;
import io.culvert.gossip.wire.Incarnation;
import io.culvert.gossip.wire.Left;
import io.culvert.gossip.wire.Peer;
import io.culvert.gossip.wire.PeerAddress;
import io.culvert.gossip.wire.SyncFrame.MemberEntry;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * SWIM with Lifeguard: the door of this package. Events go in with the time they came at; what is to be done goes out
 * through the {@link MembershipPort}. Everything unsigned is only an accusation, which its victim can refute; everything
 * else is a member's own signed word.
 *
 * <p>Long because each row of the protocol's table is a method here; probes, suspicions and queues are machines of their own.
 */
public final class Membership {
    private static final long THAW_CHECK_NANOS = 1_000_000_000L;
    private static final long FORGET_CHECK_NANOS = 60_000_000_000L;
    // One comparison in ten is tried with a dead member: what heals a partition of any length (Serf's reconnect).
    private static final int COMPARE_WITH_THE_DEAD = 10;

    private final SwimSettings settings;
    private final TimerQueue timers;
    private final MembershipPort port;
    private final RandomGenerator random;
    private final MemberTable table = new MemberTable();
    private final Claims claims = new Claims();
    private final LocalHealth health;
    private final Prober prober;
    private final ProbeRelay relay;
    private final Standings standings;
    private final Refuter refuter;
    private final Self self;
    private long contentRoot;
    private int reportedHealth;

    /** What stays the same as long as the process lives. */
    public record Identity(Signer signer, PeerAddress address, int tunnelPort, boolean server) {}

    /** @param epoch larger than that of any earlier start of this agent */
    public Membership(
            SwimSettings settings, Identity identity, long epoch, TimerQueue timers, Environment environment) {
        this.settings = settings;
        this.timers = timers;
        this.port = environment.port();
        this.random = environment.random();
        self = new Self(
                identity.signer(),
                new Self.Profile(identity.address(), identity.tunnelPort(), identity.server()),
                epoch);
        health = new LocalHealth(settings.probe().maxHealthScore());
        Prober.Roll roll = new Prober.Roll(table, new ProbeOrder(random));
        standings = new Standings(settings, roll, claims, timers, new Standings.Around(port, self.id()));
        Prober.Outside outside = new Prober.Outside(port, random, new Asking());
        prober = new Prober(settings.probe(), roll, health, timers, outside);
        relay = new ProbeRelay(table, timers, outside);
        refuter = new Refuter(self, health, timers, port);
    }

    /** The effects and the chance that this machine is given. */
    public record Environment(MembershipPort port, RandomGenerator random) {}

    private final class Asking implements Prober.Surroundings {
        @Override
        public Frame.Ping ping(long nonce, Member target) {
            return new Frame.Ping(nonce, target.id(), target.incarnation.number(), memberRoot(), contentRoot);
        }

        @Override
        public void unanswered(Member target, long now) {
            if (!self.isLeaving()) {
                standings.unanswered(target, now);
            }
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
        standings.onAccusation(new Frame.Forget(id, member.incarnation, self.id()), false, now);
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
                ping.nonce(), self.id(), self.incarnation().number(), memberRoot(), contentRoot, Coordinate.ORIGIN));
        if (ping.targetIncarnation() != self.incarnation().number()) {
            frames.add(self.alive());
        }
        return frames;
    }

    public boolean isSelf(NodeId id) {
        return self.id().equals(id);
    }

    public void onAck(NodeId from, Frame.Ack ack, long now) {
        prober.onAck(from, ack, now);
        relay.onAck(from, ack);
    }

    public void onStreamAck(NodeId from, Frame.Ack ack) {
        prober.onStreamAck(from, ack);
    }

    public void onNack(NodeId from, Frame.Nack nack) {
        prober.onNack(from, nack);
    }

    public void onPingRequest(Peer asker, Frame.PingRequest request, long now) {
        if (isSelf(request.target())) {
            return;
        }
        relay.onRequest(asker, request, now);
    }

    /** {@code peer} wants a sign of life of our session before it believes unsigned words: the next packet carries it. */
    public void onEchoWanted(Peer peer, long now) {
        if (!prober.repeat(peer.id(), now) && !relay.repeat(peer.id())) {
            port.send(peer, List.of());
        }
    }

    /**
     * A word about somebody.
     *
     * @param sender who handed it on
     * @param compared whether it came in a comparison of tables
     */
    public void onRumour(Frame.Rumour rumour, NodeId sender, boolean compared, long now) {
        if (isSelf(rumour.about())) {
            onWordAboutSelf(rumour, sender, now);
        } else if (rumour instanceof Alive alive) {
            standings.onAlive(alive, sender, now);
        } else if (rumour instanceof Left left) {
            standings.onLeft(left, sender, now);
        } else if (rumour instanceof Frame.Accusation accusation) {
            standings.onAccusation(accusation, compared, now);
        }
    }

    private void onWordAboutSelf(Frame.Rumour rumour, NodeId sender, long now) {
        if (rumour instanceof Frame.Accusation accusation) {
            refuter.onAccusation(accusation, now);
        } else if (!rumour.equals(self.alive())
                && !self.isLeaving()
                && !self.incarnation().isNewerThan(rumour.incarnation())
                && claims.begin(rumour, sender, now)) {
            port.verify(Standings.claim(rumour, sender, self.alive().publicKey()));
        }
    }

    /** The check that {@link MembershipPort#verify} asked for is done. */
    public void onVerdict(MembershipPort.Claim claim, boolean genuine, long now) {
        if (!genuine) {
            claims.forget(claim.rumour());
            standings.badSignature(claim.sender(), now);
        } else if (isSelf(claim.rumour().about())) {
            claims.forget(claim.rumour());
            refuter.onEarlierWord(claim.rumour().incarnation(), now);
        } else {
            standings.onVerified(claim.rumour(), claim.sender(), now);
        }
    }

    /** This process did not run for {@code nanos}: whatever it waited for may have come and gone. It accuses nobody. */
    public void onPause(long nanos, long now) {
        prober.abandon();
        relay.clear();
        standings.restartSuspicions(now);
        health.wasLate();
        port.noticed(new MembershipPort.Paused(nanos));
    }

    /** Sum over the contents this agent holds; goes out with probes. */
    public void setContentRoot(long root) {
        contentRoot = root;
    }

    /** Sum over all members, this one included: equal when the tables are. */
    public long memberRoot() {
        return standings.root() + StateHash.of(self.id(), self.incarnation(), selfStanding());
    }

    private Standing selfStanding() {
        return self.isLeaving() ? Standing.LEFT : Standing.ALIVE;
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

    /** Whom to tell in a gossip tick, with the accusation each of them should hear about itself, if any. */
    public List<Listener> listeners(int count, long now) {
        long toTheDead = settings.spread().toTheDead().toNanos();
        List<Listener> listeners = new ArrayList<>(count);
        for (Member member : table.draw(
                count,
                member -> member.standing.isPresent()
                        || member.standing == Standing.DEAD && now - member.changedAt < toTheDead,
                random)) {
            boolean accused = member.word instanceof Frame.Accusation;
            listeners.add(new Listener(member.peer(), accused ? Optional.of(member.word.frame()) : Optional.empty()));
        }
        return listeners;
    }

    public record Listener(Peer peer, Optional<Frame> accusation) {}

    /** With whom to compare tables: mostly somebody alive, now and then somebody dead who may be back. */
    public Optional<Peer> partner() {
        boolean tryTheDead = random.nextInt(COMPARE_WITH_THE_DEAD) == 0 || table.present() == 0;
        if (tryTheDead) {
            List<Member> dead = table.draw(1, member -> member.standing == Standing.DEAD, random);
            if (!dead.isEmpty()) {
                return Optional.of(dead.get(0).peer());
            }
        }
        List<Member> present = table.draw(1, member -> member.standing.isPresent(), random);
        return present.isEmpty() ? Optional.empty() : Optional.of(present.get(0).peer());
    }

    /** Anybody present, by chance. */
    public Optional<Peer> anybodyBut(NodeId except) {
        List<Member> drawn = table.draw(
                1, member -> member.standing.isPresent() && !member.id().equals(except), random);
        return drawn.isEmpty() ? Optional.empty() : Optional.of(drawn.get(0).peer());
    }

    /** The own id was seen with {@code epoch}, under our signature: take a larger one. */
    public void raiseEpochOver(long epoch, long now) {
        refuter.onEarlierWord(new Incarnation(epoch, -1), now);
    }

    public Optional<PeerAddress> addressOf(NodeId id) {
        Member member = table.find(id);
        return member == null ? Optional.empty() : Optional.of(member.alive.address());
    }

    /** All others. */
    public List<MemberState> others() {
        List<MemberState> states = new ArrayList<>(table.size());
        for (Member member : table.all()) {
            states.add(state(member));
        }
        return states;
    }

    public Optional<MemberState> find(NodeId id) {
        Member member = table.find(id);
        return member == null ? Optional.empty() : Optional.of(state(member));
    }

    private static MemberState state(Member member) {
        return new MemberState(
                member.alive,
                member.incarnation,
                member.standing,
                member.changedAt,
                member.roundTripNanos,
                member.reason());
    }

    /** How much is held for others. */
    public List<Size> sizes() {
        List<Size> sizes = new ArrayList<>(claims.sizes());
        sizes.add(relay.size());
        sizes.addAll(standings.sizes());
        return sizes;
    }

    /** What this member believes of everybody, itself included, for a comparison. */
    public List<MemberEntry> digest(long now) {
        List<MemberEntry> entries = new ArrayList<>(table.size() + 1);
        entries.add(
                new MemberEntry(self.id(), self.incarnation(), selfStanding().settled()));
        for (Member member : table.all()) {
            if (isListed(member, now)) {
                entries.add(new MemberEntry(member.id(), member.incarnation, member.standing.settled()));
            }
        }
        return entries;
    }

    private boolean isListed(Member member, long now) {
        return member.standing.isPresent()
                || now - member.changedAt < settings.keeping().unlistedAfter().toNanos();
    }

    /** What is said against a member, for its own ears; empty when nothing is. */
    public List<Frame> accusationsOf(NodeId id) {
        Member member = table.find(id);
        return member != null && member.word instanceof Frame.Accusation ? List.of(member.word.frame()) : List.of();
    }

    /** What two tables have to tell each other. */
    public record Difference(List<NodeId> want, List<Frame> tell) {}

    /** Compares with all that a peer believes. */
    public Difference compare(List<MemberEntry> theirs, NodeId peer, long now) {
        Map<NodeId, MemberEntry> unmatched = new HashMap<>();
        theirs.forEach(entry -> unmatched.put(entry.id(), entry));
        List<NodeId> want = new ArrayList<>();
        List<Frame> tell = new ArrayList<>();
        compareSelf(unmatched.remove(self.id()), peer, now, new Difference(want, tell));
        for (Member member : table.all()) {
            MemberEntry entry = unmatched.remove(member.id());
            int order = entry == null ? -1 : order(entry, member.incarnation, member.standing);
            if (order > 0) {
                want.add(member.id());
            } else if (order < 0 && isListed(member, now)) {
                addWords(member, tell);
            }
        }
        for (MemberEntry entry : theirs) {
            if (unmatched.containsKey(entry.id())) {
                want.add(entry.id());
            }
        }
        return new Difference(want, tell);
    }

    private void compareSelf(@Nullable MemberEntry entry, NodeId peer, long now, Difference difference) {
        int order = entry == null ? -1 : order(entry, self.incarnation(), selfStanding());
        if (order < 0) {
            difference.tell.add(self.alive());
        } else if (order > 0 && entry != null) {
            if (entry.incarnation().equals(self.incarnation())) {
                refuter.onAccusation(new Frame.Dead(self.id(), entry.incarnation(), peer), now);
                difference.tell.add(self.alive());
            } else {
                difference.want.add(self.id());
            }
        }
    }

    private static int order(MemberEntry entry, Incarnation incarnation, Standing standing) {
        int byIncarnation = entry.incarnation().compareTo(incarnation);
        return byIncarnation != 0 ? byIncarnation : Integer.compare(entry.standing(), standing.settled());
    }

    /** The words that a peer asked for. */
    public List<Frame> words(List<NodeId> wanted) {
        List<Frame> frames = new ArrayList<>();
        for (NodeId id : wanted) {
            Member member = table.find(id);
            if (member != null) {
                addWords(member, frames);
            } else if (isSelf(id)) {
                frames.add(self.alive());
            }
        }
        return frames;
    }

    private static void addWords(Member member, List<Frame> frames) {
        frames.add(member.alive);
        if (!(member.word instanceof Alive)) {
            frames.add(member.word.frame());
        }
    }
}
