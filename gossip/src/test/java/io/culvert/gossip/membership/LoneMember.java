package io.culvert.gossip.membership;

import static org.assertj.core.api.Assertions.assertThat;

import io.culvert.catalog.IpAddress;
import io.culvert.catalog.Liveness;
import io.culvert.catalog.NodeId;
import io.culvert.gossip.wire.Frame;
import io.culvert.gossip.wire.Incarnation;
import io.culvert.gossip.wire.PeerAddress;
import java.time.Instant;
import java.util.List;
import java.util.SplittableRandom;

/** One membership in the hands of a test: what it hears, what time it is, and what it wants done. */
public final class LoneMember {
    public static final long SECOND = 1_000_000_000L;
    static final long MILLISECOND = 1_000_000L;
    /** Who hands on what is heard, unless it matters. */
    static final FakeSigner MESSENGER = new FakeSigner(99);
    /** Who accuses, unless it matters; not in the table. */
    static final FakeSigner ACCUSER = new FakeSigner(98);

    final RecordingPort port = new RecordingPort();
    final TimerQueue timers = new TimerQueue();
    final SwimSettings settings;
    public final Membership membership;
    Instant wall = Instant.ofEpochSecond(1_000);
    long now;

    public LoneMember() {
        this(SwimSettings.lan(), 1);
    }

    public LoneMember(SwimSettings settings, long seed) {
        this.settings = settings;
        membership = new Membership(
                settings,
                new Membership.Identity(
                        new FakeSigner(0), new PeerAddress(IpAddress.parse("10.0.0.1"), 8301), 8443, false),
                100,
                timers,
                new Membership.Environment(port, new SplittableRandom(seed), () -> wall));
    }

    public RecordingPort port() {
        return port;
    }

    NodeId self() {
        return membership.ownWord().about();
    }

    public FakeSigner admit(int number) {
        FakeSigner key = new FakeSigner(number);
        hear(key.alive(0));
        return key;
    }

    /** A rumour from somebody who is not vouched for; its signature, if it has one, is right. */
    public void hear(Frame.Rumour rumour) {
        membership.onRumour(rumour, new Hearing(MESSENGER.id(), false, false), now);
        verifyAll();
    }

    public void hearInComparison(Frame.Rumour rumour) {
        membership.onRumour(rumour, new Hearing(MESSENGER.id(), false, true), now);
        verifyAll();
    }

    public void verifyAll() {
        while (!port.claims.isEmpty()) {
            List<MembershipPort.Claim> claims = List.copyOf(port.claims);
            port.claims.clear();
            claims.forEach(claim -> membership.onVerdict(claim, true, now));
        }
    }

    public void pass(long nanos) {
        long end = now + nanos;
        while (timers.nextAt() <= end) {
            now = Math.max(now, timers.nextAt());
            assertThat(timers.runNext(now)).isTrue();
        }
        now = end;
    }

    public Standing standing(FakeSigner key) {
        return membership.find(key.id()).orElseThrow().standing();
    }

    /** What the layers above were told of it, in order. */
    public List<Liveness> shown(FakeSigner key) {
        return port.changes.stream()
                .filter(change -> change.member().equals(key.id()))
                .map(MemberChange::after)
                .toList();
    }

    /** Half of the shortest suspicion: the least time that anybody has to object. */
    public long timeToObject() {
        return SwimRules.shortestSuspicionNanos(settings, membership.members()) / 2;
    }

    public static Frame.Suspect suspect(FakeSigner about, long incarnation) {
        return new Frame.Suspect(about.id(), new Incarnation(FakeSigner.EPOCH, incarnation), ACCUSER.id());
    }

    public static Frame.Dead dead(FakeSigner about, long incarnation) {
        return new Frame.Dead(about.id(), new Incarnation(FakeSigner.EPOCH, incarnation), ACCUSER.id());
    }

    public static Frame.Forget forget(FakeSigner about, long incarnation) {
        return new Frame.Forget(about.id(), new Incarnation(FakeSigner.EPOCH, incarnation), ACCUSER.id());
    }

    /** Brings {@code about}, known as {@code incarnation}, to its death as an honest pool does. */
    public void kill(FakeSigner about, long incarnation) {
        hear(suspect(about, incarnation));
        pass(timeToObject());
        hear(dead(about, incarnation));
    }
}
