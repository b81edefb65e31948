package io.culvert.gossip.replication;

import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The records of one owner at one moment. Immutable. */
final class RecordSet {
    static final RecordSet EMPTY = new RecordSet(new TreeMap<>());

    /**
     * One record.
     *
     * @param digest SHA-256 of the body, kept so that a change of one record does not hash them all
     * @param version that last changed it, in the epoch of the head
     */
    record Stored(byte[] body, byte[] digest, long version) {
        static Stored of(byte[] body, long version) {
            return new Stored(body, Sha256.of(body), version);
        }

        Stored at(long otherVersion) {
            return new Stored(body, digest, otherVersion);
        }
    }

    private final NavigableMap<Integer, Stored> slots;
    private final SetHash hash;
    private final int bytes;

    private RecordSet(TreeMap<Integer, Stored> slots) {
        this.slots = Collections.unmodifiableNavigableMap(slots);
        this.hash = hash(slots);
        this.bytes =
                slots.values().stream().mapToInt(stored -> stored.body().length).sum();
    }

    static RecordSet of(Map<Integer, Stored> slots) {
        return new RecordSet(new TreeMap<>(slots));
    }

    NavigableMap<Integer, Stored> slots() {
        return slots;
    }

    int size() {
        return slots.size();
    }

    /** Length of all bodies. */
    int bytes() {
        return bytes;
    }

    SetHash hash() {
        return hash;
    }

    /** Whether this is what {@code head} was signed for. */
    boolean isThatOf(Head head) {
        return slots.size() == head.count() && hash.equals(head.setHash());
    }

    boolean isWithinLimits() {
        return slots.size() <= ContentLimits.RECORDS && bytes <= ContentLimits.SET_BYTES;
    }

    /**
     * Whether something stops working with this set that worked in {@code before}: a check turned critical, a new one is
     * (maintenance, draining), or a record other than a check is gone. Such news travel first and are repeated more often.
     * The first set of an owner takes nothing from anybody.
     */
    boolean takesAwayFrom(RecordSet before) {
        if (before.slots.isEmpty()) {
            return false;
        }
        for (Map.Entry<Integer, Stored> slot : slots.entrySet()) {
            Stored old = before.slots.get(slot.getKey());
            boolean wasCritical = old != null && RecordCodec.isCritical(old.body());
            if (!wasCritical && RecordCodec.isCritical(slot.getValue().body())) {
                return true;
            }
        }
        for (Map.Entry<Integer, Stored> slot : before.slots.entrySet()) {
            if (!slots.containsKey(slot.getKey())
                    && !RecordCodec.isCheck(slot.getValue().body())) {
                return true;
            }
        }
        return false;
    }

    /**
     * The set after the changes that are newer than {@code have}; null when one does not apply: a status for what is no
     * check.
     */
    @Nullable
    RecordSet after(List<Delta.Change> changes, long have) {
        TreeMap<Integer, Stored> next = new TreeMap<>(slots);
        for (Delta.Change change : changes) {
            if (change.version() > have && !apply(change, next)) {
                return null;
            }
        }
        return new RecordSet(next);
    }

    private static boolean apply(Delta.Change change, TreeMap<Integer, Stored> next) {
        if (change instanceof Delta.Put put) {
            next.put(put.slot(), Stored.of(put.body(), put.version()));
            return true;
        }
        if (change instanceof Delta.StatusFlip flip) {
            Stored before = next.get(flip.slot());
            if (before == null || !RecordCodec.isCheck(before.body())) {
                return false;
            }
            next.put(flip.slot(), Stored.of(RecordCodec.withStatus(before.body(), flip.status()), flip.version()));
            return true;
        }
        // Whoever never saw the record come has nothing to remove.
        next.remove(change.slot());
        return true;
    }

    /**
     * The live slots of {@code repair}: its records, and ours where it has none.
     *
     * @param sameEpoch whether our versions mean something in the epoch of the repair
     */
    RecordSet after(Repair repair, boolean sameEpoch) {
        TreeMap<Integer, Stored> next = new TreeMap<>();
        for (Integer slot : repair.liveSlots()) {
            Stored ours = slots.get(slot);
            if (ours != null) {
                next.put(slot, sameEpoch ? ours : ours.at(repair.head().version()));
            }
        }
        for (Repair.Entry entry : repair.records()) {
            next.put(entry.slot(), Stored.of(entry.body(), entry.version()));
        }
        return new RecordSet(next);
    }

    /** The same records, all as of {@code version}: for a new epoch, where older numbers mean nothing. */
    RecordSet renumbered(long version) {
        TreeMap<Integer, Stored> next = new TreeMap<>();
        slots.forEach((slot, stored) -> next.put(slot, stored.at(version)));
        return new RecordSet(next);
    }

    /** Records that changed after {@code version}. */
    List<Repair.Entry> changedSince(long version) {
        List<Repair.Entry> changed = new ArrayList<>();
        slots.forEach((slot, stored) -> {
            if (stored.version() > version) {
                changed.add(new Repair.Entry(slot, stored.version(), stored.body()));
            }
        });
        return changed;
    }

    /** The same records as of the same versions. */
    @Override
    public boolean equals(Object other) {
        if (!(other instanceof RecordSet that) || !hash.equals(that.hash) || slots.size() != that.slots.size()) {
            return false;
        }
        for (Map.Entry<Integer, Stored> slot : slots.entrySet()) {
            Stored theirs = that.slots.get(slot.getKey());
            if (theirs == null || theirs.version() != slot.getValue().version()) {
                return false;
            }
        }
        return true;
    }

    @Override
    public int hashCode() {
        return hash.hashCode();
    }

    private static SetHash hash(TreeMap<Integer, Stored> slots) {
        MessageDigest digest = Sha256.start();
        slots.forEach((slot, stored) -> {
            digest.update((byte) (slot >>> 8));
            digest.update((byte) slot.intValue());
            digest.update(stored.digest());
        });
        byte[] hash = digest.digest();
        return new SetHash(number(hash, 0), number(hash, 8));
    }

    private static long number(byte[] bytes, int from) {
        long number = 0;
        for (int i = from; i < from + 8; i++) {
            number = number << 8 | bytes[i] & 0xff;
        }
        return number;
    }
}
