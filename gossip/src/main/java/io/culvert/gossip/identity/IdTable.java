package io.culvert.gossip.identity;

import io.culvert.catalog.NodeId;
import java.util.AbstractCollection;
import java.util.Collection;
import java.util.Iterator;
import java.util.NoSuchElementException;
import org.jspecify.annotations.Nullable;

/**
 * Values that know whose they are, by that id: a reference each in an open table, where a hash map would have an entry of
 * 32 bytes beside it. An agent of a large pool keeps several such tables of everybody. Iterates in no particular order,
 * but in the same one for the same history and salt. Not thread safe.
 *
 * @param <V> what is kept
 */
public final class IdTable<V extends IdTable.Owned> {
    private static final int LEAST_SLOTS = 16;

    private final long salt;
    private @Nullable Owned[] slots = new Owned[LEAST_SLOTS];
    private int size;

    /** What belongs to one agent for as long as it is in the table. */
    public interface Owned {
        NodeId id();
    }

    /** @param salt of this process: ids can be chosen, and must not be chosen so that they all meet in one place */
    public IdTable(long salt) {
        this.salt = salt;
    }

    public int size() {
        return size;
    }

    public @Nullable V find(NodeId id) {
        return cast(slots[place(id)]);
    }

    /** Adds {@code value}; takes the place of another of the same id. */
    public void put(V value) {
        int place = place(value.id());
        if (slots[place] == null) {
            size++;
        }
        slots[place] = value;
        if (3 * size > 2 * slots.length) {
            resize(2 * slots.length);
        }
    }

    /** @return what was removed, or null when there was nothing */
    public @Nullable V remove(NodeId id) {
        int place = place(id);
        V removed = cast(slots[place]);
        if (removed != null) {
            size--;
            close(place);
        }
        return removed;
    }

    /** All values; the table must not change while they are walked over. */
    public Collection<V> values() {
        return new AbstractCollection<>() {
            @Override
            public Iterator<V> iterator() {
                return new Values();
            }

            @Override
            public int size() {
                return size;
            }
        };
    }

    private final class Values implements Iterator<V> {
        private int next = -1;

        Values() {
            advance();
        }

        private void advance() {
            next++;
            while (next < slots.length && slots[next] == null) {
                next++;
            }
        }

        @Override
        public boolean hasNext() {
            return next < slots.length;
        }

        @Override
        public V next() {
            V value = next < slots.length ? cast(slots[next]) : null;
            if (value == null) {
                throw new NoSuchElementException();
            }
            advance();
            return value;
        }
    }

    /** Where the id is, or would be. */
    private int place(NodeId id) {
        int place = home(id);
        Owned there = slots[place];
        while (there != null && !there.id().equals(id)) {
            place = place + 1 & slots.length - 1;
            there = slots[place];
        }
        return place;
    }

    private int home(NodeId id) {
        // A multiplication by the golden ratio carries every bit upwards, and the highest are taken.
        long mixed = (id.high() ^ salt) * 0x9e3779b97f4a7c15L;
        mixed = (mixed ^ mixed >>> 32 ^ id.low()) * 0x9e3779b97f4a7c15L;
        return (int) (mixed >>> Long.SIZE - Integer.numberOfTrailingZeros(slots.length));
    }

    // Those behind the gap move up if they were only pushed behind it: no marks of the dead are needed.
    private void close(int gap) {
        int empty = gap;
        int place = gap + 1 & slots.length - 1;
        Owned there = slots[place];
        while (there != null) {
            int wanted = home(there.id());
            if ((place - wanted & slots.length - 1) >= (place - empty & slots.length - 1)) {
                slots[empty] = there;
                empty = place;
            }
            place = place + 1 & slots.length - 1;
            there = slots[place];
        }
        slots[empty] = null;
    }

    private void resize(int more) {
        @Nullable Owned[] before = slots;
        slots = new Owned[more];
        for (Owned value : before) {
            if (value != null) {
                slots[place(value.id())] = value;
            }
        }
    }

    @SuppressWarnings("unchecked") // Only put() fills the slots.
    private @Nullable V cast(@Nullable Owned value) {
        return (V) value;
    }
}
