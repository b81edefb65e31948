package io.culvert.gossip.membership;

import io.culvert.catalog.NodeId;
import io.culvert.gossip.wire.Frame;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What members say against each other: SWIM's suspicion with Lifeguard's dynamic timeouts. Unsigned, so it counts only for
 * the incarnation it names, and never more than its victim can take back: whatever anybody says, the victim has half of
 * the shortest suspicion to object before it is given up here.
 */
final class Accusations {
    private final SwimSettings settings;
    private final MemberTable table;
    private final Standings standings;
    private final Claims claims;
    private final TimerQueue timers;
    private final MembershipPort port;
    private final NodeId self;
    private final AccusationLimiter limiter = new AccusationLimiter();

    Accusations(SwimSettings settings, MemberTable table, Standings standings, Claims claims, Around around) {
        this.settings = settings;
        this.table = table;
        this.standings = standings;
        this.claims = claims;
        this.timers = around.timers();
        this.port = around.port();
        this.self = around.self();
    }

    /** What is not of this machine. */
    record Around(TimerQueue timers, MembershipPort port, NodeId self) {}

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

    /** A new word of {@code about} was taken; an accusation may have waited for it. */
    void onNewWord(NodeId about, long now) {
        Member member = table.find(about);
        Frame.Accusation held = member == null ? null : member.held;
        if (member != null && held != null && !held.incarnation().isNewerThan(member.incarnation)) {
            member.held = null;
            onAccusation(held, true, now);
        }
    }

    private void weigh(Member member, Frame.Accusation accusation, boolean compared, long now) {
        if (accusation instanceof Frame.Forget forget) {
            if (member.standing == Standing.DEAD) {
                standings.move(member, Standing.LEFT, forget, now);
                port.spread(forget);
            }
        } else if (accusation instanceof Frame.Dead dead && !compared) {
            hearDead(member, dead, now);
        } else {
            suspect(member, new Frame.Suspect(accusation.about(), accusation.incarnation(), accusation.accuser()), now);
        }
    }

    // memberlist believes such a word at once, and so whoever holds the pool's key can kill anybody for a moment. Here
    // it only ends a suspicion that has lasted: an honest accuser's has, and ours began when we heard of his.
    private void hearDead(Member member, Frame.Dead word, long now) {
        if (!member.standing.isPresent() || !isAllowed(word.accuser(), now)) {
            return;
        }
        Suspicion running = member.suspicion;
        if (running == null) {
            Frame.Suspect suspicion = new Frame.Suspect(word.about(), word.incarnation(), word.accuser());
            running = begin(member, suspicion, now);
            port.spread(suspicion);
        }
        if (running.hasRunHalfOfShortest(now)) {
            die(member, word, now);
        } else {
            running.hasten();
            schedule(member, running);
        }
    }

    private boolean isAllowed(NodeId accuser, long now) {
        return accuser.equals(self) || limiter.allows(table.find(accuser), now);
    }

    /** Our own probe went unanswered. */
    void unanswered(Member member, long now) {
        suspect(member, new Frame.Suspect(member.id(), member.incarnation, self), now);
    }

    private void suspect(Member member, Frame.Suspect word, long now) {
        Suspicion running = member.suspicion;
        boolean news = member.standing == Standing.ALIVE
                || member.standing == Standing.SUSPECT
                        && running != null
                        && mayConfirm(word.accuser())
                        && running.wouldConfirm(word.accuser());
        if (!news || !isAllowed(word.accuser(), now)) {
            return;
        }
        if (running == null) {
            running = begin(member, word, now);
        } else if (!running.confirm(word.accuser())) {
            return;
        }
        schedule(member, running);
        port.spread(word);
    }

    // Accusers can be invented; those who shorten a suspicion have to be members at least.
    private boolean mayConfirm(NodeId accuser) {
        Member member = table.find(accuser);
        return accuser.equals(self) || member != null && member.standing.isPresent();
    }

    private Suspicion begin(Member member, Frame.Suspect word, long now) {
        Suspicion suspicion = new Suspicion(settings, standings.members(), word.accuser(), now);
        standings.move(member, Standing.SUSPECT, word, now);
        member.suspicion = suspicion;
        setReminder(member, suspicion);
        port.noticed(new MembershipPort.Suspected(member.id(), word.accuser().equals(self)));
        return suspicion;
    }

    // Who has not objected by half of the time may not have heard: an accuser whom others have stopped listening to
    // tells only a few. Those who live have objected long before, so this goes to the dead, and to the slandered.
    private void setReminder(Member member, Suspicion suspicion) {
        if (member.reminderIsSet) {
            return;
        }
        member.reminderIsSet = true;
        timers.at(suspicion.remindAt(), now -> {
            member.reminderIsSet = false;
            remind(member, member.suspicion, now);
        });
    }

    private void remind(Member member, @Nullable Suspicion suspicion, long now) {
        if (suspicion == null) {
            return;
        }
        boolean again = true;
        if (now >= suspicion.remindAt()) {
            port.send(member.peer(), List.of(member.word.frame()));
            if (suspicion.isFirstReminder()) {
                // Datagrams may be what does not get through; nothing waits for this one's answer but the suspicion.
                long number = member.incarnation.number();
                port.pingByStream(member.peer(), new Frame.Ping(0, member.id(), number, 0, 0));
            }
            again = suspicion.reminded();
        }
        if (again) {
            setReminder(member, suspicion);
        }
    }

    // One timer a member, whatever is said against it and taken back again: it looks at the suspicion that it finds.
    private void schedule(Member member, Suspicion suspicion) {
        long endsAt = suspicion.endsAt();
        if (member.suspicionTimerAt != Member.NEVER && member.suspicionTimerAt <= endsAt) {
            return;
        }
        member.suspicionTimerAt = endsAt;
        timers.at(endsAt, now -> {
            if (member.suspicionTimerAt == endsAt) {
                member.suspicionTimerAt = Member.NEVER;
                end(member, member.suspicion, now);
            }
        });
    }

    private void end(Member member, @Nullable Suspicion suspicion, long now) {
        if (suspicion == null || table.find(member.id()) != member) {
            return;
        }
        if (now < suspicion.endsAt()) {
            schedule(member, suspicion);
        } else {
            die(member, new Frame.Dead(member.id(), member.incarnation, self), now);
        }
    }

    private void die(Member member, Frame.Dead word, long now) {
        standings.onDeath(now);
        standings.move(member, Standing.DEAD, word, now);
        port.spread(word);
    }

    /** We were away: nobody could object to us. Every suspicion begins again. */
    void restart(long now) {
        for (Member member : table.all()) {
            Suspicion suspicion = member.suspicion;
            if (suspicion != null) {
                suspicion.restart(now);
            }
        }
    }

    /** We were late by so much: objections may still wait to be read. */
    void postpone(long nanos) {
        for (Member member : table.all()) {
            Suspicion suspicion = member.suspicion;
            if (suspicion != null) {
                suspicion.postpone(nanos);
            }
        }
    }
}
