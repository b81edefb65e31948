package io.culvert.gossip.replication;

import io.culvert.catalog.NodeId;
import io.culvert.gossip.wire.TreeNode;
import io.culvert.gossip.wire.TreeSums;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Which state of which owner is held, as a 16-way tree: an owner's place is its keyed hash, from the top bits down, and
 * each node is the sum of the keyed hashes (owner, epoch, version) below it. Equal sums mean equal states, up to 2^-64; two
 * hosts find what differs by going down where their sums do. The first three levels are kept, the others are summed on
 * demand: a level-three node of a pool of 50,000 has some 200 owners. Sorted arrays below the kept levels: twelve bytes for
 * an owner and its entry, which counts where there are fifty thousand.
 */
final class OwnerTree {
    private static final int KEPT_LEVELS = 3;
    private static final int BUCKETS = 256;
    private static final int BUCKET_SHIFT = 56;

    private final long keyId;
    private final SipHash hash;
    private final Bucket[] buckets = new Bucket[BUCKETS];
    private final long[][] kept = {new long[1], new long[16], new long[BUCKETS]};
    private int size;

    /** One owner's state. */
    record Entry(NodeId owner, long epoch, long version) {}

    /** The owners below one node of the last kept level, in the order of their places, then of their ids. */
    private static final class Bucket {
        private static final Entry[] NONE = {};

        private long[] places = {};
        private Entry[] entries = NONE;
        private int size;

        /** Where the owner is, or {@code -(where it would be) - 1}. */
        int find(long place, NodeId owner) {
            int at = firstAt(place);
            while (at < size && places[at] == place) {
                int order = entries[at].owner().compareTo(owner);
                if (order == 0) {
                    return at;
                }
                if (order > 0) {
                    break;
                }
                at++;
            }
            return -at - 1;
        }

        /** The first that is not before {@code place}. */
        int firstAt(long place) {
            int from = 0;
            int to = size;
            while (from < to) {
                int middle = (from + to) >>> 1;
                if (Long.compareUnsigned(places[middle], place) < 0) {
                    from = middle + 1;
                } else {
                    to = middle;
                }
            }
            return from;
        }

        void insert(int at, long place, Entry entry) {
            if (size == places.length) {
                int more = Math.max(4, size + size / 4);
                places = Arrays.copyOf(places, more);
                entries = Arrays.copyOf(entries, more);
            }
            System.arraycopy(places, at, places, at + 1, size - at);
            System.arraycopy(entries, at, entries, at + 1, size - at);
            places[at] = place;
            entries[at] = entry;
            size++;
        }

        void remove(int at) {
            size--;
            System.arraycopy(places, at + 1, places, at, size - at);
            System.arraycopy(entries, at + 1, entries, at, size - at);
            entries = size == 0 ? NONE : entries;
            places = size == 0 ? new long[0] : places;
        }
    }

    /** What is done with each owner below a node. */
    private interface Visitor {
        /** @return whether to go on */
        boolean visit(Entry entry);
    }

    OwnerTree(TreeKey key) {
        this.keyId = key.id();
        this.hash = new SipHash(key.bytes());
        for (int i = 0; i < BUCKETS; i++) {
            buckets[i] = new Bucket();
        }
    }

    /** Notes that this state of the owner is held now. */
    void put(Entry entry) {
        long place = place(entry.owner());
        Bucket bucket = buckets[bucketOf(place)];
        int at = bucket.find(place, entry.owner());
        if (at >= 0) {
            Entry before = bucket.entries[at];
            if (!before.equals(entry)) {
                addToKept(place, value(entry) - value(before));
                bucket.entries[at] = entry;
            }
        } else {
            bucket.insert(-at - 1, place, entry);
            addToKept(place, value(entry));
            size++;
        }
    }

    void remove(NodeId owner) {
        long place = place(owner);
        Bucket bucket = buckets[bucketOf(place)];
        int at = bucket.find(place, owner);
        if (at >= 0) {
            addToKept(place, -value(bucket.entries[at]));
            bucket.remove(at);
            size--;
        }
    }

    long keyId() {
        return keyId;
    }

    int size() {
        return size;
    }

    long root() {
        return kept[0][0];
    }

    /** Sum of all below {@code node}. */
    long sum(TreeNode node) {
        if (node.level() < KEPT_LEVELS) {
            return kept[node.level()][(int) node.prefix()];
        }
        long[] sum = new long[1];
        walk(node, entry -> {
            sum[0] += value(entry);
            return true;
        });
        return sum[0];
    }

    long[] childSums(TreeNode node) {
        long[] sums = new long[TreeSums.CHILDREN];
        for (int i = 0; i < TreeSums.CHILDREN; i++) {
            sums[i] = sum(node.child(i));
        }
        return sums;
    }

    /** Whether at most {@code most} owners are below {@code node}. */
    boolean holdsAtMost(int most, TreeNode node) {
        int[] left = {most};
        walk(node, entry -> --left[0] >= 0);
        return left[0] >= 0;
    }

    /** The owners below {@code node}, in the order of the tree. */
    List<Entry> entries(TreeNode node) {
        List<Entry> entries = new ArrayList<>();
        walk(node, entries::add);
        return entries;
    }

    private void walk(TreeNode node, Visitor visitor) {
        int last = bucketOf(node.to());
        for (int i = bucketOf(node.from()); i <= last; i++) {
            Bucket bucket = buckets[i];
            for (int at = bucket.firstAt(node.from());
                    at < bucket.size && Long.compareUnsigned(bucket.places[at], node.to()) <= 0;
                    at++) {
                if (!visitor.visit(bucket.entries[at])) {
                    return;
                }
            }
        }
    }

    private long place(NodeId owner) {
        return hash.hash(owner.high(), owner.low());
    }

    private long value(Entry entry) {
        return hash.hash(entry.owner().high(), entry.owner().low(), entry.epoch(), entry.version());
    }

    private static int bucketOf(long place) {
        return (int) (place >>> BUCKET_SHIFT);
    }

    private void addToKept(long place, long value) {
        kept[0][0] += value;
        kept[1][(int) (place >>> 60)] += value;
        kept[2][bucketOf(place)] += value;
    }
}
