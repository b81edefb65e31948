package io.culvert.dns.core;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Answers for the questions that were asked lately, by name (without regard to case) and type. Of a fixed size: a name
 * has two places, and of their holders the one asked for longer ago goes. An answer that no longer holds is never given.
 */
final class PreparedAnswers {
    /** 5,000 names with A and AAAA, with room to spare; filled, it takes some 5 MB. */
    private static final int SLOTS = 16_384;

    private static final int HASH_FACTOR = 0x01000193; // FNV-1a
    private static final int HASH_START = 0x811c9dc5;
    private static final byte[] FOLDED = folded();

    private final @Nullable Slot[] slots = new @Nullable Slot[SLOTS];

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

    /** The answer for the name and type in {@code message[from, to)}, the class left out; null when there is none. */
    @Nullable
    PreparedAnswer find(byte[] message, int from, int to, View view) {
        int hash = hash(message, from, to);
        for (int way = 0; way < 2; way++) {
            int place = place(hash, way);
            Slot slot = slots[place];
            if (slot != null && slot.hash == hash && matches(slot.key, message, from, to)) {
                if (slot.answer.holdsIn(view)) {
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
            key[i] = FOLDED[key[i] & 0xff];
        }
        int first = place(hash, 0);
        int second = place(hash, 1);
        Slot there = slots[first];
        Slot beside = slots[second];
        boolean firstGoes = there == null || beside != null && !there.askedLately;
        if (there != null && beside != null) {
            there.askedLately = false;
            beside.askedLately = false;
        }
        slots[firstGoes ? first : second] = new Slot(key, hash, answer);
    }

    private static int place(int hash, int way) {
        return ((hash ^ hash >>> 16) & SLOTS - 1) ^ way;
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
