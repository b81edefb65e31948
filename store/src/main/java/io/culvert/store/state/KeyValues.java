package io.culvert.store.state;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.pcollections.HashTreePMap;
import org.pcollections.PMap;
import org.pcollections.PSortedMap;
import org.pcollections.TreePMap;
import org.pcollections.TreePSet;

/**
 * All keys at one index, in byte order, with who holds which. Immutable; a change shares all that it does not touch. The
 * bounds on number and size are part of the rules: every server must refuse the same command.
 */
public final class KeyValues {
    /** A million keys are a database, not the settings of a mesh. */
    public static final int MOST_KEYS = 1_000_000;
    /** Of keys and values together, in characters and bytes: the state lives in the heap of every server. */
    public static final long MOST_WEIGHT = 256L << 20;

    public static final KeyValues EMPTY =
            new KeyValues(TreePMap.empty(KeyOrder.BY_BYTES), HashTreePMap.empty(), HashTreePMap.empty(), 0);

    private final PSortedMap<String, KeyValue> entries;
    private final PMap<SessionId, TreePSet<String>> held;
    private final PMap<String, Long> blockedUntil;
    private final long weight;

    private KeyValues(
            PSortedMap<String, KeyValue> entries,
            PMap<SessionId, TreePSet<String>> held,
            PMap<String, Long> blockedUntil,
            long weight) {
        this.entries = entries;
        this.held = held;
        this.blockedUntil = blockedUntil;
        this.weight = weight;
    }

    public int size() {
        return entries.size();
    }

    public Optional<KeyValue> get(String key) {
        return Optional.ofNullable(entries.get(key));
    }

    /** All whose key begins with {@code prefix}, in byte order. */
    public List<KeyValue> list(String prefix) {
        List<KeyValue> found = new ArrayList<>();
        for (KeyValue entry : entries.tailMap(prefix, true).values()) {
            if (!entry.key().startsWith(prefix)) {
                break;
            }
            found.add(entry);
        }
        return found;
    }

    /**
     * The keys below {@code prefix}, each only up to and with the first {@code separator} behind the prefix, once. An empty
     * separator gives whole keys.
     */
    public List<String> keys(String prefix, String separator) {
        List<String> found = new ArrayList<>();
        String from = prefix;
        boolean inclusive = true;
        while (true) {
            Map.Entry<String, KeyValue> next = inclusive ? entries.ceilingEntry(from) : entries.higherEntry(from);
            if (next == null || !next.getKey().startsWith(prefix)) {
                return found;
            }
            int end = separator.isEmpty() ? -1 : next.getKey().indexOf(separator, prefix.length());
            String shown = end < 0 ? next.getKey() : next.getKey().substring(0, end + separator.length());
            boolean again = !found.isEmpty() && found.get(found.size() - 1).equals(shown);
            if (!again) {
                found.add(shown);
            }
            // Skips the whole folder at once: a folder of a million keys is one step. Only what sorts behind even the
            // last
            // character comes again.
            from = end < 0 || again ? next.getKey() : shown + Character.toString(Character.MAX_CODE_POINT);
            inclusive = false;
        }
    }

    /** Every key that {@code session} has locked, in byte order. */
    public SortedSet<String> heldBy(SessionId session) {
        SortedSet<String> keys = new TreeSet<>(KeyOrder.BY_BYTES);
        keys.addAll(held.getOrDefault(session, TreePSet.empty()));
        return keys;
    }

    /** Until when the lock of {@code key} may not be taken, in the leader's milliseconds; empty when it may. */
    public Optional<Long> blockedUntil(String key) {
        return Optional.ofNullable(blockedUntil.get(key));
    }

    /** Every key that is blocked, and until when, in byte order. */
    public SortedMap<String, Long> blocked() {
        SortedMap<String, Long> sorted = new TreeMap<>(KeyOrder.BY_BYTES);
        sorted.putAll(blockedUntil);
        return sorted;
    }

    boolean hasRoomFor(String key, Blob value) {
        KeyValue present = entries.get(key);
        long grown = weight + key.length() + value.length() - (present == null ? 0 : present.weight());
        return grown <= MOST_WEIGHT && (present != null || entries.size() < MOST_KEYS);
    }

    KeyValues with(KeyValue entry) {
        @Nullable KeyValue before = entries.get(entry.key());
        PMap<SessionId, TreePSet<String>> holders = before == null ? held : withoutHolder(held, before);
        if (entry.holder() != null) {
            TreePSet<String> keys = holders.getOrDefault(entry.holder(), TreePSet.empty());
            holders = holders.plus(entry.holder(), keys.plus(entry.key()));
        }
        long freed = before == null ? 0 : before.weight();
        return new KeyValues(entries.plus(entry.key(), entry), holders, blockedUntil, weight + entry.weight() - freed);
    }

    KeyValues without(String key) {
        @Nullable KeyValue before = entries.get(key);
        return before == null
                ? this
                : new KeyValues(
                        entries.minus(key), withoutHolder(held, before), blockedUntil, weight - before.weight());
    }

    KeyValues released(String key, long index) {
        KeyValue present = entries.get(key);
        return present == null ? this : with(present.unlocked(index));
    }

    private static PMap<SessionId, TreePSet<String>> withoutHolder(
            PMap<SessionId, TreePSet<String>> holders, KeyValue entry) {
        SessionId holder = entry.holder();
        if (holder == null) {
            return holders;
        }
        TreePSet<String> rest = holders.getOrDefault(holder, TreePSet.empty()).minus(entry.key());
        return rest.isEmpty() ? holders.minus(holder) : holders.plus(holder, rest);
    }

    KeyValues blocking(String key, long until) {
        return new KeyValues(entries, held, blockedUntil.plus(key, until), weight);
    }

    /** Forgets lock delays that are over at {@code now}: there are as many as there were locks lost in the last minute. */
    KeyValues unblocked(long now) {
        List<String> over = blockedUntil.entrySet().stream()
                .filter(block -> block.getValue() <= now)
                .map(Map.Entry::getKey)
                .toList();
        return over.isEmpty() ? this : new KeyValues(entries, held, blockedUntil.minusAll(over), weight);
    }

    /** Whether this is the very state that {@code other} is: nothing was written between them. */
    @SuppressWarnings(
            "ReferenceEquality") // Comparing a million keys to find that none was written would be the slow way.
    boolean isSameAs(KeyValues other) {
        return this == other;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof KeyValues values
                && values.entries.equals(entries)
                && values.held.equals(held)
                && values.blockedUntil.equals(blockedUntil)
                && values.weight == weight;
    }

    @Override
    public int hashCode() {
        return entries.hashCode();
    }

    @Override
    public String toString() {
        return size() + " keys, " + weight + " bytes, " + held.size() + " sessions with locks";
    }
}
