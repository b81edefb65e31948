package io.culvert.gossip.replication;

import io.culvert.catalog.NodeId;
import io.culvert.gossip.identity.PublicKeyBytes;
import io.culvert.gossip.replication.OwnerState.Outcome;
import io.culvert.gossip.replication.ReplicationNotice.Kind;
import io.culvert.gossip.replication.Verifications.Pending;
import java.util.LinkedHashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The way of an announcement: known already? believable? authentic? does it lead to what the owner signed? Then it is
 * applied and told on. The cheap questions come first.
 */
final class Receiver {
    private static final long CLOCK_TOLERANCE_HOURS = 12;

    private final ReplicationSettings settings;
    private final ReplicationPort port;
    private final OwnRecords own;
    private final Owners owners;
    private final Pulls pulls;
    private final ContentRumours rumours;
    private final Verifications verifications;
    /** Owners whom a rumour told us of before we had their key: what the pull brings is to be told on. */
    private final Set<NodeId> rumouredStrangers = new LinkedHashSet<>();

    private boolean epochWasBehind;

    Receiver(ReplicationSettings settings, ReplicationPort port, Owners owners, Pulls pulls, ContentRumours rumours) {
        this.settings = settings;
        this.port = port;
        this.own = owners.own();
        this.owners = owners;
        this.pulls = pulls;
        this.rumours = rumours;
        this.verifications = new Verifications(settings.bounds());
    }

    int verificationsUnderWay() {
        return verifications.size();
    }

    int verificationRoom() {
        return verifications.room();
    }

    void onAnnouncement(NodeId from, Announcement announcement, Moment now) {
        Head head = announcement.head();
        if (head.owner().equals(own.self())) {
            onOwn(from, announcement, now);
            return;
        }
        OwnerState state = owners.find(head.owner());
        if (state != null && !state.isNews(head)) {
            if (announcement instanceof Repair) {
                pulls.done(head.owner());
            }
            notice(Kind.DUPLICATE, head.owner(), from);
        } else if (!isBelievable(state, head, now)) {
            notice(Kind.RESURRECTION_REFUSED, head.owner(), from);
        } else if (state != null && state.wasVerified(head)) {
            take(state, announcement, from, now);
        } else {
            PublicKeyBytes key = keyFor(state, announcement);
            if (key != null) {
                verify(new Pending(announcement, from, key), now);
            } else {
                // Only a repair brings the key of an owner whom the membership does not know (yet: a newcomer's content
                // overtakes the check of its first word). It is news for others as well as for us.
                noteRumoured(head.owner());
                pulls.ask(from, owners.pullFor(head.owner()), now.nanos());
            }
        }
    }

    private void noteRumoured(NodeId owner) {
        if (rumouredStrangers.size() >= settings.bounds().pulls()) {
            rumouredStrangers.remove(rumouredStrangers.iterator().next());
        }
        rumouredStrangers.add(owner);
    }

    void onVerdict(long ticket, boolean authentic, Moment now) {
        Pending question = verifications.finish(ticket);
        if (question == null) {
            return;
        }
        Head head = question.announcement().head();
        if (!authentic) {
            verifications.countBad(question.from(), now.nanos());
            notice(Kind.BAD_SIGNATURE, head.owner(), question.from());
        } else if (head.owner().equals(own.self())) {
            onOwnAuthentic(head, question.from());
        } else {
            onAuthentic(question, now);
        }
    }

    private void verify(Pending question, Moment now) {
        NodeId owner = question.announcement().head().owner();
        if (verifications.isMuted(question.from(), now.nanos())) {
            notice(Kind.SENDER_MUTED, owner, question.from());
        } else if (verifications.isAsked(question.announcement())) {
            notice(Kind.DUPLICATE, owner, question.from());
        } else if (verificationRoom() <= 0) {
            notice(Kind.TOO_MANY_VERIFICATIONS, owner, question.from());
        } else {
            port.verify(verifications.start(question), question.announcement().head(), question.key());
        }
    }

    private static @Nullable PublicKeyBytes keyFor(@Nullable OwnerState state, Announcement announcement) {
        PublicKeyBytes known = state == null ? null : state.key();
        if (known != null) {
            return known;
        }
        return announcement instanceof Repair repair
                        && repair.ownerKey().id().equals(repair.head().owner())
                ? repair.ownerKey()
                : null;
    }

    /** Whether a new state of an owner may be taken at all: the forgotten must not come back from a slow peer. */
    private boolean isBelievable(@Nullable OwnerState state, Head head, Moment now) {
        if (state != null && (state.isReachable() || state.head() != null)) {
            return true;
        }
        long ageHours = now.wallHours() - head.stampHours();
        // A stamp from the future would stay young for ever.
        boolean young = ageHours < settings.strangersYoungerThan().toHours() && ageHours >= -CLOCK_TOLERANCE_HOURS;
        return young && !(state != null && state.hasLeft());
    }

    private void onAuthentic(Pending question, Moment now) {
        Head head = question.announcement().head();
        OwnerState state = owners.findOrAdd(head.owner(), now.nanos());
        if (state == null || !owners.hasRoomFor(state, question.announcement())) {
            notice(Kind.TOO_MANY_OWNERS, head.owner(), question.from());
            return;
        }
        state.learnKey(question.key());
        state.rememberVerified(head);
        if (head.stampHours() > now.wallHours() + CLOCK_TOLERANCE_HOURS) {
            notice(Kind.CLOCK_SKEW, head.owner(), question.from());
        }
        take(state, question.announcement(), question.from(), now);
    }

    /** Applies what is authentic, then whatever waited for it. */
    private void take(OwnerState state, Announcement announcement, NodeId from, Moment now) {
        boolean awaited = rumouredStrangers.remove(state.id) | state.isAwaited(announcement.head());
        RecordSet before = state.set();
        Outcome outcome = offer(state, announcement, from, now);
        if (!outcome.isProgress()) {
            return;
        }
        if (awaited || !(announcement instanceof Repair)) {
            tellOn(announcement, state.set().takesAwayFrom(before), now);
        }
        boolean records = outcome == Outcome.APPLIED;
        for (OwnerState.Held held : state.release()) {
            RecordSet last = state.set();
            Outcome next = offer(state, held.announcement(), held.from(), now);
            records |= next == Outcome.APPLIED;
            if (next.isProgress()) {
                tellOn(held.announcement(), state.set().takesAwayFrom(last), now);
            }
        }
        owners.changed(state, records, now.nanos());
    }

    private Outcome offer(OwnerState state, Announcement announcement, NodeId from, Moment now) {
        if (state.contradicts(announcement.head())) {
            notice(Kind.EQUIVOCATION, state.id, from);
        }
        Outcome outcome = state.offer(announcement);
        switch (outcome) {
            case APPLIED, ADOPTED, STALE -> pulls.done(state.id);
            case INCOMPLETE -> {
                state.hold(announcement, from);
                pulls.ask(from, owners.pullFor(state.id), now.nanos());
            }
            case MISMATCH -> onMismatch(state, announcement, from, now);
            case EQUIVOCATION_LOWER -> pulls.ask(from, wholeOf(state), now.nanos());
            case EQUIVOCATION_HIGHER -> pulls.done(state.id);
            case TOO_LARGE -> notice(Kind.TOO_LARGE, state.id, from);
        }
        return outcome;
    }

    private void onMismatch(OwnerState state, Announcement announcement, NodeId from, Moment now) {
        notice(Kind.MISMATCH, state.id, from);
        boolean wasWhole = announcement instanceof Repair repair
                && repair.records().size() == repair.head().count();
        if (wasWhole) {
            // Nobody holds a set that is not the signed one. Changes and parts are another matter: the versions in them
            // are not signed, so that an honest host may hand on what a liar spoilt.
            verifications.countBad(from, now.nanos());
        }
        pulls.mismatched(from, wholeOf(state), wasWhole, now.nanos());
    }

    private Pull wholeOf(OwnerState state) {
        Pull pull = owners.pullFor(state.id);
        return new Pull(pull.owner(), pull.epoch(), pull.version(), true);
    }

    /** What is too long for a packet is as urgent as what is not: only the records tell whether it is bad news. */
    private void tellOn(Announcement announcement, boolean negative, Moment now) {
        rumours.add(announcement instanceof Repair repair ? repair.head() : announcement, negative, now.nanos());
    }

    // ---- this host's own id in the mouth of others ----

    private void onOwn(NodeId from, Announcement announcement, Moment now) {
        if (isNewsOfSelf(announcement.head())) {
            verify(new Pending(announcement, from, own.key()), now);
        } else {
            notice(Kind.DUPLICATE, own.self(), from);
        }
    }

    /** Whether somebody seems to have published more under our id than we did. */
    private boolean isNewsOfSelf(Head head) {
        Head ours = own.head();
        if (ours == null || head.epoch() != own.epoch()) {
            return head.epoch() >= own.epoch();
        }
        return head.isNewerThan(ours)
                || head.isSameMoment(ours) && !head.setHash().equals(ours.setHash());
    }

    private void onOwnAuthentic(Head head, NodeId from) {
        if (!isNewsOfSelf(head)) {
            return;
        }
        // Once: we lost our disk and our clock is behind. Twice, or within our own epoch: somebody else is us.
        boolean cloned = epochWasBehind || own.head() != null && head.epoch() == own.epoch();
        notice(cloned ? Kind.OWN_IDENTITY_CLONED : Kind.OWN_EPOCH_BEHIND, own.self(), from);
        if (!cloned) {
            epochWasBehind = true;
            port.ownEpochSeen(head.epoch());
        }
    }

    private void notice(Kind kind, NodeId owner, NodeId sender) {
        port.noticed(new ReplicationNotice(kind, owner, sender));
    }
}
