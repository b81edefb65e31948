package io.culvert.gossip.replication;

import io.culvert.catalog.Liveness;
import io.culvert.catalog.NodeId;
import io.culvert.gossip.identity.IdTable;
import io.culvert.gossip.identity.PublicKeyBytes;
import io.culvert.gossip.wire.Interner;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What is held of one other owner, and the rules by which it changes: only by what the owner signed, only forward, and
 * only to a set whose hash is the signed one.
 */
final class OwnerState implements IdTable.Owned {
    private static final int MOST_HELD = 4;
    private static final int MOST_HELD_WEIGHT = 8_192;

    final NodeId id;
    private @Nullable PublicKeyBytes key;
    private @Nullable Liveness liveness;
    private @Nullable Head head;
    private RecordSet set = RecordSet.EMPTY;
    /** Since when the owner cannot be reached, on the monotonic clock; meaningless while it can. */
    private long unreachableSince;
    /** What {@link Owners} has counted of this owner's records. */
    private int countedBytes;
    /** Authentic announcements that do not apply yet. Mostly none: an empty list that all owners share. */
    private List<Held> held = List.of();
    /** Authentic heads that are newer than ours. */
    private List<Head> verified = List.of();

    /** An announcement that waits, and who sent it. */
    record Held(Announcement announcement, NodeId from) {}

    /** What became of an authentic announcement. */
    enum Outcome {
        /** The records are others now. */
        APPLIED,
        /** Head and records belong together: the same records as before under a later head. */
        ADOPTED,
        /** Newer, but the records for it are not here. */
        INCOMPLETE,
        /** Nothing new. */
        STALE,
        /** The sender's changes do not lead to what the owner signed. */
        MISMATCH,
        /** The owner signed two different states as one version, and this one is to be kept. */
        EQUIVOCATION_LOWER,
        /** The owner signed two different states as one version, and ours is to be kept. */
        EQUIVOCATION_HIGHER,
        /** More than an owner may have. */
        TOO_LARGE;

        boolean isProgress() {
            return this == APPLIED || this == ADOPTED;
        }
    }

    OwnerState(NodeId id, long nowNanos) {
        this.id = id;
        this.unreachableSince = nowNanos;
    }

    @Override
    public NodeId id() {
        return id;
    }

    @Nullable
    Head head() {
        return head;
    }

    RecordSet set() {
        return set;
    }

    @Nullable
    PublicKeyBytes key() {
        return key;
    }

    /** Notes how much is counted for this owner now; returns by how much more than before. */
    int recount(int bytes) {
        int more = bytes - countedBytes;
        countedBytes = bytes;
        return more;
    }

    void learnKey(PublicKeyBytes learned) {
        key = learned;
    }

    /** Whether the membership knows the owner at all. */
    boolean isMember() {
        return liveness != null;
    }

    boolean isReachable() {
        return liveness != null && liveness.isRoutable();
    }

    boolean hasLeft() {
        return liveness == Liveness.LEFT;
    }

    /** @param changed null when the membership has forgotten the owner */
    void liveness(@Nullable Liveness changed, long nowNanos) {
        boolean wasReachable = isReachable();
        liveness = changed;
        if (wasReachable && !isReachable()) {
            unreachableSince = nowNanos;
        }
    }

    /** How long the owner has been out of reach; 0 when it is not. */
    long unreachableNanos(long nowNanos) {
        return isReachable() ? 0 : nowNanos - unreachableSince;
    }

    boolean isNews(Head offered) {
        Head ours = head;
        return ours == null || offered.isNewerThan(ours) || contradicts(offered);
    }

    /** Whether the owner signed this and what we hold as one version, though they differ. */
    boolean contradicts(Head offered) {
        Head ours = head;
        return ours != null && offered.isSameMoment(ours) && !offered.setHash().equals(ours.setHash());
    }

    /** Whether this very head, signature included, proved authentic lately. */
    boolean wasVerified(Head offered) {
        return verified.contains(offered);
    }

    void rememberVerified(Head authentic) {
        List<Head> remembered = new ArrayList<>(verified);
        remembered.add(authentic);
        if (remembered.size() > MOST_HELD) {
            remembered.remove(0);
        }
        verified = remembered;
    }

    private void keep(Head newest, RecordSet records) {
        head = newest;
        set = records;
        List<Head> newer = new ArrayList<>(verified);
        newer.removeIf(known -> !isNews(known));
        verified = newer.isEmpty() ? List.of() : newer;
    }

    /** Keeps one object of equal ones: where many hosts live in one process, each of them holds the same. */
    void share(Interner interner) {
        head = head == null ? null : interner.share(head);
        set = interner.share(set);
    }

    /** Takes an announcement whose head is authentic. */
    Outcome offer(Announcement announcement) {
        Head offered = announcement.head();
        Head ours = head;
        if (!isNews(offered)) {
            return Outcome.STALE;
        }
        boolean equivocal = contradicts(offered);
        if (equivocal && ours != null && offered.setHash().compareTo(ours.setHash()) > 0) {
            return Outcome.EQUIVOCATION_HIGHER;
        }
        boolean sameEpoch = ours != null && ours.epoch() == offered.epoch();
        if (set.isThatOf(offered)) {
            keep(offered, sameEpoch ? set : set.renumbered(offered.version()));
            return Outcome.ADOPTED;
        }
        RecordSet candidate = candidate(announcement, sameEpoch);
        if (candidate == null) {
            return equivocal ? Outcome.EQUIVOCATION_LOWER : Outcome.INCOMPLETE;
        }
        if (!candidate.isThatOf(offered)) {
            return Outcome.MISMATCH;
        }
        if (!candidate.isWithinLimits()) {
            return Outcome.TOO_LARGE;
        }
        keep(offered, candidate);
        return Outcome.APPLIED;
    }

    /** What the records would be; null when the announcement alone does not say. */
    private @Nullable RecordSet candidate(Announcement announcement, boolean sameEpoch) {
        if (announcement instanceof Repair repair) {
            return set.after(repair, sameEpoch);
        }
        if (announcement instanceof Delta delta) {
            Head ours = head;
            if (sameEpoch && ours != null && delta.previousVersion() <= ours.version()) {
                return ours.version() == delta.head().version() ? null : set.after(delta.changes(), ours.version());
            }
            return !sameEpoch && delta.previousVersion() == 0 ? RecordSet.EMPTY.after(delta.changes(), 0) : null;
        }
        return null;
    }

    /** Keeps an authentic announcement until what it builds on is here; the newest few only. */
    void hold(Announcement news, NodeId from) {
        // What is longer than a datagram never came as a rumour: its head is enough to remember that it is due.
        Announcement announcement = news.weight() > MOST_HELD_WEIGHT ? news.head() : news;
        List<Held> next = new ArrayList<>(held);
        next.removeIf(waiting -> waiting.announcement().equals(announcement));
        next.add(new Held(announcement, from));
        next.sort(Comparator.comparing(waiting -> waiting.announcement().head(), OwnerState::byAge));
        if (next.size() > MOST_HELD) {
            next.remove(0);
        }
        held = next;
    }

    /** Whether a newer head than ours is known. */
    boolean isBehind() {
        return !held.isEmpty();
    }

    /** What waits and is still news, oldest first; nothing waits afterwards. */
    List<Held> release() {
        List<Held> released = new ArrayList<>(held);
        held = List.of();
        released.removeIf(waiting -> !isNews(waiting.announcement().head()));
        return released;
    }

    /** Whether a rumour waits for exactly this state. */
    boolean isAwaited(Head arrived) {
        return held.stream().anyMatch(waiting -> waiting.announcement().head().isSameMoment(arrived));
    }

    /** Forgets the content, not what the membership said. */
    void clear() {
        head = null;
        set = RecordSet.EMPTY;
        held = List.of();
        verified = List.of();
    }

    private static int byAge(Head one, Head other) {
        int byEpoch = Long.compare(one.epoch(), other.epoch());
        return byEpoch != 0 ? byEpoch : Long.compare(one.version(), other.version());
    }
}
