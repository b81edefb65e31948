package io.culvert.gossip.membership;

import io.culvert.catalog.Liveness;
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
 * The rules by which a member's own word changes its standing: SWIM's order of precedence, with (epoch, number) as the
 * incarnation. Signed words are checked before they count. What others say of it is for {@link Accusations}.
 */
final class Standings {
    // Of so many rows, drawn by chance, the one that is gone for longest makes room for a newcomer.
    private static final int ROWS_LOOKED_AT = 32;

    private final SwimSettings settings;
    private final MemberTable table;
    private final ProbeOrder order;
    private final MembershipPort port;
    private final Claims claims;
    private final IncarnationBounds bounds;
    private final Prober.Outside outside;
    private final FreezeGuard freeze = new FreezeGuard();
    private final Forgotten forgotten = new Forgotten();
    private long root;

    Standings(
            SwimSettings settings, Prober.Roll roll, Claims claims, IncarnationBounds bounds, Prober.Outside outside) {
        this.settings = settings;
        this.table = roll.table();
        this.order = roll.order();
        this.claims = claims;
        this.bounds = bounds;
        this.outside = outside;
        this.port = outside.port();
    }

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
    void onAlive(Alive alive, Hearing hearing, long now) {
        Member member = table.find(alive.about());
        boolean old = member == null
                ? forgotten.covers(alive.about(), alive.incarnation())
                : !alive.incarnation().isNewerThan(member.incarnation);
        if (old) {
            return;
        }
        boolean consistent =
                member == null ? alive.isSelfConsistent() : alive.publicKey().equals(member.alive.publicKey());
        if (!alive.address().isDialable() || !consistent) {
            badSignature(hearing, now);
        } else if (!isPlausible(alive, member, now)) {
            port.noticed(new MembershipPort.ImplausibleIncarnation(alive.about(), alive.incarnation()));
        } else if (member == null && isFull()) {
            port.noticed(new MembershipPort.TableFull(alive.about(), hearing.sender()));
        } else {
            claims.submit(claim(alive, hearing, alive.publicKey()), now);
        }
    }

    private boolean isPlausible(Frame.Rumour word, @Nullable Member member, long now) {
        return member == null
                ? IncarnationBounds.leavesRoom(word.incarnation())
                : bounds.isReachable(word.incarnation(), member.incarnation, now - member.wordAt);
    }

    /** A member's goodbye, not yet checked. */
    void onLeft(Left left, Hearing hearing, long now) {
        Member member = table.find(left.about());
        if (member == null) {
            claims.attach(left);
            return;
        }
        int order = left.incarnation().compareTo(member.incarnation);
        if (order > 0 && !isPlausible(left, member, now)) {
            port.noticed(new MembershipPort.ImplausibleIncarnation(left.about(), left.incarnation()));
        } else if (order > 0 || order == 0 && member.standing != Standing.LEFT) {
            claims.submit(claim(left, hearing, member.alive.publicKey()), now);
        }
    }

    static MembershipPort.Claim claim(Frame.Rumour rumour, Hearing hearing, PublicKeyBytes key) {
        return rumour instanceof Alive alive
                ? new MembershipPort.Claim(
                        alive, hearing, key, SignatureDomain.ALIVE, alive.signedBytes(), alive.signature())
                : left((Left) rumour, hearing, key);
    }

    private static MembershipPort.Claim left(Left left, Hearing hearing, PublicKeyBytes key) {
        return new MembershipPort.Claim(left, hearing, key, SignatureDomain.LEFT, left.signedBytes(), left.signature());
    }

    /**
     * The signature was right. The table may have moved on meanwhile.
     *
     * @param alreadyDead what the pool has decided about a newcomer to this table, so that it is never shown alive
     */
    void onVerified(Frame.Rumour rumour, Hearing hearing, Frame.@Nullable Dead alreadyDead, long now) {
        if (rumour instanceof Left left) {
            part(left, now);
            return;
        }
        Alive alive = (Alive) rumour;
        Member member = table.find(alive.about());
        if (member == null) {
            admit(alive, hearing, alreadyDead, now);
        } else if (alive.incarnation().isNewerThan(member.incarnation)) {
            renew(member, alive, now);
        }
    }

    void badSignature(Hearing hearing, long now) {
        claims.bad(hearing, now);
        port.noticed(new MembershipPort.BadSignature(hearing.sender()));
    }

    private void admit(Alive alive, Hearing hearing, Frame.@Nullable Dead alreadyDead, long now) {
        if (table.size() >= settings.keeping().mostMembers() && !makeRoom(now)) {
            port.noticed(new MembershipPort.TableFull(alive.about(), hearing.sender()));
            return;
        }
        Member member = new Member(alive, now);
        forgotten.admitted(member.id());
        table.add(member);
        root += hash(member);
        if (alreadyDead != null) {
            move(member, Standing.DEAD, alreadyDead, now);
        } else {
            announce(member);
            order.add(member);
        }
        port.introduce(alive);
    }

    private void renew(Member member, Alive alive, long now) {
        take(member, alive.incarnation(), now);
        member.alive = alive;
        move(member, Standing.ALIVE, alive, now);
        order.add(member);
        port.renewed(member.id());
        port.spread(alive);
    }

    private void part(Left left, long now) {
        Member member = table.find(left.about());
        if (member == null || member.incarnation.isNewerThan(left.incarnation())) {
            return;
        }
        take(member, left.incarnation(), now);
        move(member, Standing.LEFT, left, now);
        port.spread(left);
    }

    private void take(Member member, Incarnation incarnation, long now) {
        root -= hash(member);
        member.incarnation = incarnation;
        member.wordAt = now;
        root += hash(member);
    }

    private boolean isFull() {
        return table.size() >= settings.keeping().mostMembers() && table.present() == table.size();
    }

    private boolean makeRoom(long now) {
        long toldUntil = now - settings.spread().toTheDead().toNanos();
        Member oldest = null;
        for (Member gone : table.draw(
                ROWS_LOOKED_AT,
                member -> !member.standing.isPresent() && member.changedAt < toldUntil,
                outside.random())) {
            if (oldest == null || gone.changedAt < oldest.changedAt) {
                oldest = gone;
            }
        }
        if (oldest != null) {
            forget(oldest);
        }
        return oldest != null;
    }

    /** So many died at once that it is us who are cut off: they go on being shown as suspects. */
    void onDeath(long now) {
        long window = SwimRules.longestSuspicionNanos(settings, members());
        if (freeze.onDeath(table.present() - 1, window, now)) {
            port.noticed(new MembershipPort.Frozen(true));
            takeBackDeathsSince(now - window);
        }
    }

    private void takeBackDeathsSince(long since) {
        for (Member member : table.all()) {
            if (member.standing == Standing.DEAD && member.changedAt >= since) {
                announce(member);
            }
        }
    }

    void move(Member member, Standing to, Frame.Rumour word, long now) {
        Standing from = member.standing;
        root -= hash(member);
        table.setStanding(member, to);
        root += hash(member);
        member.word = word;
        member.suspicion = null;
        if (from != to) {
            member.changedAt = now;
            member.reason = reason(from, word);
        }
        announce(member);
    }

    private static String reason(Standing from, Frame.Rumour word) {
        if (word instanceof Frame.Suspect suspect) {
            return "no answer to " + suspect.accuser();
        } else if (word instanceof Frame.Dead dead) {
            return "no objection to the suspicion of " + dead.accuser();
        } else if (word instanceof Frame.Forget forget) {
            return "given up by an operator at " + forget.accuser();
        } else if (word instanceof Left) {
            return "left";
        }
        return from == Standing.SUSPECT ? "objected to a suspicion" : "came back";
    }

    private void announce(Member member) {
        boolean held = member.standing == Standing.DEAD && freeze.isFrozen();
        Liveness after = held ? Liveness.SUSPECT : member.standing.liveness();
        Liveness before = member.announced;
        if (before != after) {
            member.announced = after;
            port.changed(new MemberChange(member.id(), before, after, member.incarnation, member.reason));
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
            forgotten.remember(member.id(), member.incarnation);
            forget(member);
        }
    }

    private void forget(Member member) {
        root -= hash(member);
        table.remove(member);
        port.forgotten(member.id());
    }

    List<Size> sizes() {
        return List.of(
                forgotten.size(),
                new Size("members", table.size(), settings.keeping().mostMembers()));
    }

    private static long hash(Member member) {
        return StateHash.of(member.id(), member.incarnation, member.standing);
    }
}
