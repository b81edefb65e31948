package io.culvert.dns.core;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Answers for the questions that were asked lately, by name (without regard to case) and type. Of a fixed size: a name
 * has four places, and of their holders one that was not asked for lately goes. An answer that no longer holds is never
 * given. Confined to one event loop.
 */
final class PreparedAnswers {
    /** 5,000 names with A, AAAA and SRV, with room to spare; some 400 bytes for each that is filled. */
    private static final int SLOTS = 32_768;

    private static final int WAYS = 4;
    private static final int HASH_FACTOR = 0x01000193; // FNV-1a
    private static final int HASH_START = 0x811c9dc5;
    private static final byte[] FOLDED = folded();

    private final @Nullable Slot[] slots = new @Nullable Slot[SLOTS];
    private @Nullable View view;
    private long generation;

    private static final class Slot {
        final byte[] key;
        final int hash;
        final PreparedAnswer answer;
        boolean askedLately = true;

        Slot(byte[] key, int hash, PreparedAnswer answer) {
            this.key = key;
            this.hash = hash;
            this.answer = answer;
        }
    }

    /** RFC 4343: only ASCII letters have a case. Lengths of labels, 63 at most, are no letters. */
    private static byte[] folded() {
        byte[] table = new byte[256];
        for (int i = 0; i < table.length; i++) {
            table[i] = (byte) (i >= 'A' && i <= 'Z' ? i + 'a' - 'A' : i);
        }
        return table;
    }

    /** The byte without its case, as {@link #find} compares. */
    static byte fold(byte b) {
        return FOLDED[b & 0xff];
    }

    /** A number for the catalogue and the table of {@code now}, another one whenever either is another. */
    long generation(View now) {
        View before = view;
        if (before == null || before.snapshot() != now.snapshot() || before.table() != now.table()) {
            view = now;
            generation++;
        }
        return generation;
    }

    /** The answer for the name and type in {@code message[from, to)}, the class left out; null when there is none. */
    @Nullable
    PreparedAnswer find(byte[] message, int from, int to, View now) {
        int hash = hash(message, from, to);
        int first = first(hash);
        for (int place = first; place < first + WAYS; place++) {
            Slot slot = slots[place];
            if (slot != null && slot.hash == hash && matches(slot.key, message, from, to)) {
                if (slot.answer.holdsIn(now, generation(now))) {
                    slot.askedLately = true;
                    return slot.answer;
                }
                slots[place] = null;
            }
        }
        return null;
    }

    void keep(byte[] message, int from, int to, PreparedAnswer answer) {
        int hash = hash(message, from, to);
        byte[] key = Arrays.copyOfRange(message, from, to);
        for (int i = 0; i < key.length; i++) {
            key[i] = fold(key[i]);
        }
        slots[victim(first(hash))] = new Slot(key, hash, answer);
    }

    /** A free place, else one not asked for lately, else the first; those that stay have to be asked for again. */
    private int victim(int first) {
        int chosen = first;
        for (int place = first + WAYS - 1; place >= first; place--) {
            Slot slot = slots[place];
            if (slot == null) {
                return place;
            }
            chosen = slot.askedLately ? chosen : place;
            slot.askedLately = false;
        }
        return chosen;
    }

    private static int first(int hash) {
        return (hash ^ hash >>> 16) & SLOTS - WAYS;
    }

    private static int hash(byte[] message, int from, int to) {
        int hash = HASH_START;
        for (int i = from; i < to; i++) {
            hash = (hash ^ FOLDED[message[i] & 0xff]) * HASH_FACTOR;
        }
        return hash;
    }

    private static boolean matches(byte[] key, byte[] message, int from, int to) {
        if (key.length != to - from) {
            return false;
        }
        for (int i = 0; i < key.length; i++) {
            if (key[i] != FOLDED[message[from + i] & 0xff]) {
                return false;
            }
        }
        return true;
    }
}
