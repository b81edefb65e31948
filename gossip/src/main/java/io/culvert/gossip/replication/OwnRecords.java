package io.culvert.gossip.replication;

import io.culvert.catalog.CheckStatus;
import io.culvert.catalog.NodeContent;
import io.culvert.catalog.NodeId;
import io.culvert.gossip.identity.PublicKeyBytes;
import io.culvert.gossip.replication.RecordSet.Stored;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What this host publishes: a version for each batch of changes, and a signed head for each version. Announcements repeat
 * the changes of the last two seconds, so that one lost or replaced on the way is made good by the next.
 */
final class OwnRecords {
    /** A few gossip rounds: long enough that a lost announcement is repeated, short enough to stay small. */
    private static final long REPEATED_NANOS = 2_000_000_000L;

    private final NodeId self;
    private final HeadSigner signer;
    private final int announcementBytes;
    private final SlotTable slots = new SlotTable();
    private final Deque<Published> history = new ArrayDeque<>();
    /** Version of the last change that was more than a status, by slot. */
    private final Map<Integer, Long> putVersions = new HashMap<>();

    private final Map<Integer, Long> deletions = new HashMap<>();
    private RecordSet set = RecordSet.EMPTY;
    private long epoch;
    private long version;
    private @Nullable Head head;
    private boolean tookAway;

    private record Published(long version, long nanos) {}

    /** @param announcementBytes longest body of an announcement that fits a datagram */
    OwnRecords(NodeId self, HeadSigner signer, long epoch, int announcementBytes) {
        this.self = self;
        this.signer = signer;
        this.epoch = epoch;
        this.announcementBytes = announcementBytes;
    }

    NodeId self() {
        return self;
    }

    long epoch() {
        return epoch;
    }

    /** Null before the first publication. */
    @Nullable
    Head head() {
        return head;
    }

    RecordSet set() {
        return set;
    }

    /** Whether something stopped working or went away with the last announcement. */
    boolean tookAway() {
        return tookAway;
    }

    PublicKeyBytes key() {
        return signer.publicKey();
    }

    /** The announcement of {@code content}, or null when it is what was published before. */
    @Nullable
    Announcement publish(NodeContent content, Moment now) throws ContentRefused {
        if (!content.node().id().equals(self)) {
            throw new IllegalArgumentException(
                    "content of node " + content.node().id() + " published by " + self);
        }
        Map<String, byte[]> bodies = ContentEncoder.encode(content);
        Map<String, Integer> assigned = slots.assign(bodies.keySet());
        Map<Integer, Stored> next = new HashMap<>();
        Map<Integer, Long> changedPuts = new HashMap<>();
        bodies.forEach((name, body) -> put(assigned.getOrDefault(name, 0), body, next, changedPuts));
        RecordSet published = RecordSet.of(next);
        if (head != null && published.isThatOf(head)) {
            return null;
        }
        return advance(published, changedPuts, now);
    }

    /** A new head for the same records, so that they do not look abandoned; a version of its own, so that all learn it. */
    Announcement signAgain(Moment now) {
        return advance(set, Map.of(), now);
    }

    /** Goes on in a later epoch; null when nothing was published yet. */
    @Nullable
    Announcement adoptEpoch(long later, Moment now) {
        if (later <= epoch) {
            throw new IllegalArgumentException("epoch " + later + " (expected: later than " + epoch + ")");
        }
        epoch = later;
        version = 0;
        history.clear();
        deletions.clear();
        putVersions.replaceAll((slot, before) -> 1L);
        set = set.renumbered(1);
        return head == null ? null : advance(set, Map.of(), now);
    }

    private Announcement advance(RecordSet next, Map<Integer, Long> changedPuts, Moment now) {
        for (Integer slot : set.slots().keySet()) {
            if (!next.slots().containsKey(slot)) {
                deletions.put(slot, version + 1);
                putVersions.remove(slot);
            }
        }
        version++;
        putVersions.putAll(changedPuts);
        deletions.keySet().removeAll(next.slots().keySet());
        tookAway = next.takesAwayFrom(set);
        set = next;
        history.addLast(new Published(version, now.nanos()));
        Head unsigned = new Head(self, epoch, version, now.wallHours(), set.size(), set.hash(), new byte[0]);
        head = unsigned.withSignature(signer.sign(unsigned.signedBytes()));
        return announcement(head, repeatedFrom(now));
    }

    /** The oldest version that an announcement made now has to start from. */
    private long repeatedFrom(Moment now) {
        long from = 0;
        for (Published published : history) {
            if (published.nanos() - (now.nanos() - REPEATED_NANOS) <= 0) {
                from = published.version();
            }
        }
        long least = Math.max(from, version - Delta.MOST_VERSIONS);
        history.removeIf(published -> published.version() < least);
        deletions.values().removeIf(deleted -> deleted <= least);
        return least;
    }

    private Announcement announcement(Head newest, long from) {
        if (version == 1) {
            // After a restart most receivers hold these very records: the head alone says so in 110 bytes.
            return newest;
        }
        for (long previous : new long[] {Math.max(1, from), version - 1}) {
            Delta delta = new Delta(newest, previous, changesSince(previous));
            if (delta.frame().bodyLength() <= announcementBytes) {
                return delta.changes().isEmpty() ? newest : delta;
            }
        }
        return newest;
    }

    private List<Delta.Change> changesSince(long previous) {
        List<Delta.Change> changes = new ArrayList<>();
        set.slots().forEach((slot, stored) -> {
            if (stored.version() > previous) {
                changes.add(change(slot, stored, previous));
            }
        });
        deletions.forEach((slot, deleted) -> {
            if (deleted > previous) {
                changes.add(new Delta.Delete(slot, deleted));
            }
        });
        changes.sort(Comparator.comparingInt(Delta.Change::slot));
        return changes;
    }

    private Delta.Change change(int slot, Stored stored, long previous) {
        boolean onlyStatus = putVersions.getOrDefault(slot, 0L) <= previous;
        return onlyStatus && RecordCodec.isCheck(stored.body())
                ? new Delta.StatusFlip(slot, stored.version(), statusOf(stored))
                : new Delta.Put(slot, stored.version(), stored.body());
    }

    private static CheckStatus statusOf(Stored stored) {
        return CheckStatus.values()[stored.body()[RecordCodec.STATUS_AT]];
    }

    private void put(int slot, byte[] body, Map<Integer, Stored> next, Map<Integer, Long> changedPuts) {
        Stored before = set.slots().get(slot);
        if (before != null && Arrays.equals(before.body(), body)) {
            next.put(slot, before);
            return;
        }
        next.put(slot, Stored.of(body, version + 1));
        if (before == null || !differInStatusOnly(before.body(), body)) {
            changedPuts.put(slot, version + 1);
        }
    }

    private static boolean differInStatusOnly(byte[] before, byte[] after) {
        if (!RecordCodec.isCheck(before) || !RecordCodec.isCheck(after)) {
            return false;
        }
        byte[] same = before.clone();
        same[RecordCodec.STATUS_AT] = after[RecordCodec.STATUS_AT];
        return Arrays.equals(same, after);
    }
}
