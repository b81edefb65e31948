package io.culvert.gossip.membership;

import io.culvert.catalog.Liveness;
import io.culvert.catalog.NodeId;
import io.culvert.gossip.bounds.Size;
import io.culvert.gossip.identity.PublicKeyBytes;
import io.culvert.gossip.identity.SignatureDomain;
import io.culvert.gossip.wire.Alive;
import io.culvert.gossip.wire.Frame;
import io.culvert.gossip.wire.Incarnation;
import io.culvert.gossip.wire.Left;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The rules by which a word about another member changes its standing: SWIM's order of precedence, with (epoch, number)
 * as the incarnation. Signed words are checked before they count; accusations count for the incarnation they name only.
 */
final class Standings {
    /** A word that jumps further ahead is not ours to believe (Cassandra's generation drift, scylladb #5164). */
    private static final long GREATEST_JUMP = 1L << 20;

    private final SwimSettings settings;
    private final MemberTable table;
    private final ProbeOrder order;
    private final TimerQueue timers;
    private final MembershipPort port;
    private final NodeId selfId;
    private final Claims claims;
    private final AccusationLimiter limiter = new AccusationLimiter();
    private final FreezeGuard freeze = new FreezeGuard();
    private final Forgotten forgotten = new Forgotten();
    private long root;

    Standings(SwimSettings settings, Prober.Roll roll, Claims claims, TimerQueue timers, Around around) {
        this.settings = settings;
        this.table = roll.table();
        this.order = roll.order();
        this.claims = claims;
        this.timers = timers;
        this.port = around.port();
        this.selfId = around.selfId();
    }

    record Around(MembershipPort port, NodeId selfId) {}

    /** Members that take part, this one included: the n of the formulas. */
    int members() {
        return table.present() + 1;
    }

    /** Sum over all others; equal sums mean equal tables. */
    long root() {
        return root;
    }

    boolean isFrozen() {
        return freeze.isFrozen();
    }

    /** A member's word that it lives, not yet checked. */
    void onAlive(Alive alive, NodeId sender, long now) {
        Member member = table.find(alive.about());
        if (member == null ? forgotten.covers(alive.about(), alive.incarnation()) : !isAcceptable(alive, member)) {
            return;
        }
        if (!alive.address().isDialable() || member == null && !alive.isSelfConsistent()) {
            badSignature(sender, now);
            return;
        }
        if (member != null && !member.alive.publicKey().equals(alive.publicKey())) {
            badSignature(sender, now);
            return;
        }
        check(alive, sender, alive.publicKey(), now);
    }

    private static boolean isAcceptable(Alive alive, Member member) {
        Incarnation known = member.incarnation;
        boolean jumps = alive.incarnation().epoch() == known.epoch()
                && alive.incarnation().number() - known.number() > GREATEST_JUMP;
        return alive.incarnation().isNewerThan(known) && !jumps;
    }

    /** A member's goodbye, not yet checked. */
    void onLeft(Left left, NodeId sender, long now) {
        Member member = table.find(left.about());
        if (member == null) {
            claims.attach(left);
            return;
        }
        int order = left.incarnation().compareTo(member.incarnation);
        if (order > 0 || order == 0 && member.standing != Standing.LEFT) {
            check(left, sender, member.alive.publicKey(), now);
        }
    }

    private void check(Frame.Rumour rumour, NodeId sender, PublicKeyBytes key, long now) {
        if (claims.begin(rumour, sender, now)) {
            port.verify(claim(rumour, sender, key));
        }
    }

    static MembershipPort.Claim claim(Frame.Rumour rumour, NodeId sender, PublicKeyBytes key) {
        return rumour instanceof Alive alive
                ? new MembershipPort.Claim(
                        alive, sender, key, SignatureDomain.ALIVE, alive.signedBytes(), alive.signature())
                : left((Left) rumour, sender, key);
    }

    private static MembershipPort.Claim left(Left left, NodeId sender, PublicKeyBytes key) {
        return new MembershipPort.Claim(left, sender, key, SignatureDomain.LEFT, left.signedBytes(), left.signature());
    }

    /** The signature was right. The table may have moved on meanwhile. */
    void onVerified(Frame.Rumour rumour, NodeId sender, long now) {
        Frame.Rumour follower = claims.end(rumour);
        if (rumour instanceof Alive alive) {
            admit(alive, follower instanceof Frame.Dead dead ? dead : null, now);
        } else if (rumour instanceof Left left) {
            part(left, now);
        }
        if (follower instanceof Left left) {
            onLeft(left, sender, now);
        } else if (follower instanceof Frame.Accusation accusation) {
            onAccusation(accusation, true, now);
        }
    }

    void badSignature(NodeId sender, long now) {
        claims.bad(sender, now);
        port.noticed(new MembershipPort.BadSignature(sender));
    }

    /** @param alreadyDead what the pool has decided about a newcomer to this table, so that it is never shown alive */
    private void admit(Alive alive, Frame.@Nullable Dead alreadyDead, long now) {
        Member member = table.find(alive.about());
        if (member == null) {
            member = new Member(alive, now);
            forgotten.admitted(member.id());
            table.add(member);
            root += hash(member);
            if (alreadyDead != null) {
                move(member, Standing.DEAD, alreadyDead, now);
            } else {
                announce(member);
                order.add(member);
            }
        } else if (isAcceptable(alive, member)) {
            root -= hash(member);
            member.alive = alive;
            member.incarnation = alive.incarnation();
            root += hash(member);
            move(member, Standing.ALIVE, alive, now);
            order.add(member);
        } else {
            return;
        }
        port.spread(alive);
        applyHeld(member, now);
    }

    private void applyHeld(Member member, long now) {
        Frame.Accusation held = member.held;
        if (held != null && !held.incarnation().isNewerThan(member.incarnation)) {
            member.held = null;
            onAccusation(held, true, now);
        }
    }

    private void part(Left left, long now) {
        Member member = table.find(left.about());
        if (member == null || member.incarnation.isNewerThan(left.incarnation())) {
            return;
        }
        root -= hash(member);
        member.incarnation = left.incarnation();
        root += hash(member);
        move(member, Standing.LEFT, left, now);
        port.spread(left);
    }

    /**
     * Somebody's word against another member.
     *
     * @param compared whether it comes from a comparison of tables: then even the dead may object first
     */
    void onAccusation(Frame.Accusation accusation, boolean compared, long now) {
        Member member = table.find(accusation.about());
        if (member == null) {
            claims.attach(accusation);
            return;
        }
        int order = accusation.incarnation().compareTo(member.incarnation);
        if (order > 0) {
            hold(member, accusation);
        } else if (order == 0) {
            weigh(member, accusation, compared, now);
        }
    }

    // The accuser knows a newer word than we do. Unsigned numbers are not taken over: a forged one would shut out the
    // member's own words for good.
    private static void hold(Member member, Frame.Accusation accusation) {
        Frame.Accusation held = member.held;
        if (held == null || held.incarnation().compareTo(accusation.incarnation()) <= 0) {
            member.held = accusation;
        }
    }

    private void weigh(Member member, Frame.Accusation accusation, boolean compared, long now) {
        if (accusation instanceof Frame.Forget forget) {
            if (member.standing == Standing.DEAD) {
                move(member, Standing.LEFT, forget, now);
                port.spread(forget);
            }
        } else if (accusation instanceof Frame.Dead dead && !compared && couldObject(member, now)) {
            if (limiter.allows(dead.accuser(), now)) {
                die(member, dead, now);
            }
        } else {
            suspect(member, new Frame.Suspect(accusation.about(), accusation.incarnation(), accusation.accuser()), now);
        }
    }

    // One liar's word kills nobody: a death is believed of those only whom we have suspected for a while ourselves, and
    // who could have objected. Of all others it is one more accusation.
    private static boolean couldObject(Member member, long now) {
        Suspicion running = member.suspicion;
        return member.standing == Standing.SUSPECT && running != null && running.hasRunHalfOfShortest(now);
    }

    /** Our own probe went unanswered. */
    void unanswered(Member member, long now) {
        suspect(member, new Frame.Suspect(member.id(), member.incarnation, selfId), now);
    }

    private void suspect(Member member, Frame.Suspect word, long now) {
        Suspicion running = member.suspicion;
        boolean ours = word.accuser().equals(selfId);
        boolean news = member.standing == Standing.ALIVE
                || member.standing == Standing.SUSPECT
                        && running != null
                        && (ours || isPresent(word.accuser()))
                        && running.wouldConfirm(word.accuser());
        if (!news || !ours && !limiter.allows(word.accuser(), now)) {
            return;
        }
        if (running == null) {
            running = new Suspicion(settings, members(), word.accuser(), now);
            move(member, Standing.SUSPECT, word, now);
            member.suspicion = running;
            remind(member, running, now + running.shortest() / 2);
            port.noticed(new MembershipPort.Suspected(member.id(), ours));
        } else if (!running.confirm(word.accuser())) {
            return;
        }
        schedule(member, running);
        port.spread(word);
    }

    // Who has not objected by half of the time may not have heard: an accuser whom others have stopped listening to
    // tells
    // only a few. Those who live have objected long before, so this goes to the dead, and to the slandered.
    private void remind(Member member, Suspicion suspicion, long at) {
        timers.at(at, now -> {
            if (member.suspicion == suspicion) {
                port.send(member.peer(), List.of(member.word.frame()));
                if (suspicion.isFirstReminder()) {
                    // Datagrams may be what does not get through; nothing waits for this one's answer but the
                    // suspicion.
                    long number = member.incarnation.number();
                    port.pingByStream(member.peer(), new Frame.Ping(0, member.id(), number, 0, 0));
                }
                if (suspicion.mayRemind()) {
                    remind(member, suspicion, now + suspicion.shortest() / 8);
                }
            }
        });
    }

    // Accusers can be invented; those who shorten a suspicion have to be members at least.
    private boolean isPresent(NodeId accuser) {
        Member member = table.find(accuser);
        return member != null && member.standing.isPresent();
    }

    private void schedule(Member member, Suspicion suspicion) {
        timers.at(suspicion.endsAt(), now -> {
            if (member.suspicion != suspicion) {
                return;
            }
            if (now < suspicion.endsAt()) {
                schedule(member, suspicion);
            } else {
                die(member, new Frame.Dead(member.id(), member.incarnation, selfId), now);
            }
        });
    }

    private void die(Member member, Frame.Dead word, long now) {
        long window = SwimRules.longestSuspicionNanos(settings, members());
        if (freeze.onDeath(table.present() - 1, window, now)) {
            port.noticed(new MembershipPort.Frozen(true));
            takeBackDeathsSince(now - window);
        }
        move(member, Standing.DEAD, word, now);
        port.spread(word);
    }

    private void takeBackDeathsSince(long since) {
        for (Member member : table.all()) {
            if (member.standing == Standing.DEAD && member.changedAt >= since) {
                announce(member);
            }
        }
    }

    private void move(Member member, Standing to, Frame.Rumour word, long now) {
        boolean changes = member.standing != to;
        root -= hash(member);
        table.setStanding(member, to);
        root += hash(member);
        member.word = word;
        member.suspicion = null;
        if (changes) {
            member.changedAt = now;
        }
        announce(member);
    }

    private void announce(Member member) {
        boolean held = member.standing == Standing.DEAD && freeze.isFrozen();
        Liveness after = held ? Liveness.SUSPECT : member.standing.liveness();
        Liveness before = member.announced;
        if (before != after) {
            member.announced = after;
            port.changed(new MemberChange(member.id(), before, after, member.incarnation, member.reason()));
        }
    }

    /** We were away: nobody could object to us. Every suspicion begins again. */
    void restartSuspicions(long now) {
        for (Member member : table.all()) {
            Suspicion suspicion = member.suspicion;
            if (suspicion != null) {
                suspicion.restart(now);
            }
        }
    }

    /** Ends a freeze that is over. */
    void thaw(long now) {
        int dead = table.size() - table.present();
        long window = SwimRules.longestSuspicionNanos(settings, members());
        if (freeze.thaws(table.present(), dead, window, now)) {
            port.noticed(new MembershipPort.Frozen(false));
            table.all().forEach(this::announce);
        }
    }

    /** Drops those who are gone for so long that nobody will ask for them. */
    void forgetOld(long now) {
        long keep = settings.keeping().forgetAfter().toNanos();
        List<Member> old = new ArrayList<>();
        for (Member member : table.all()) {
            if (!member.standing.isPresent() && now - member.changedAt > keep) {
                old.add(member);
            }
        }
        for (Member member : old) {
            root -= hash(member);
            table.remove(member);
            forgotten.remember(member.id(), member.incarnation);
            port.forgotten(member.id());
        }
    }

    List<Size> sizes() {
        return List.of(limiter.size(), forgotten.size());
    }

    private static long hash(Member member) {
        return StateHash.of(member.id(), member.incarnation, member.standing);
    }
}
