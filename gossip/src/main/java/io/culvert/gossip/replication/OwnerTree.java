package io.culvert.gossip.replication;

import io.culvert.catalog.NodeId;
import io.culvert.gossip.wire.TreeNode;
import io.culvert.gossip.wire.TreeSums;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;

/**
 * Which state of which owner is held, as a 16-way tree: an owner's place is its keyed hash, from the top bits down, and
 * each node is the sum of the keyed hashes (owner, epoch, version) below it. Equal sums mean equal states, up to 2^-64; two
 * hosts find what differs by going down where their sums do. The first three levels are kept, the others are summed on
 * demand: a level-three node of a pool of 50,000 has some 200 owners.
 */
final class OwnerTree {
    private static final int KEPT_LEVELS = 3;

    private final long keyId;
    private final SipHash hash;
    private final NavigableMap<Long, Leaf> byPlace = new TreeMap<>(Long::compareUnsigned);
    private final Map<NodeId, Leaf> byOwner = new HashMap<>();
    private final long[][] kept = {new long[1], new long[16], new long[256]};

    /** One owner's state. */
    record Entry(NodeId owner, long epoch, long version) {}

    private record Leaf(long place, Entry entry, long value) {}

    OwnerTree(TreeKey key) {
        this.keyId = key.id();
        this.hash = new SipHash(key.bytes());
    }

    /** Notes that this state of the owner is held now. */
    void put(Entry entry) {
        Leaf before = byOwner.get(entry.owner());
        if (before != null && before.entry().equals(entry)) {
            return;
        }
        remove(entry.owner());
        long place = hash.hash(entry.owner().high(), entry.owner().low());
        // Two owners on one place: one chance in 2^64 for each pair. The later one takes the next place.
        while (byPlace.containsKey(place)) {
            place++;
        }
        long value = hash.hash(entry.owner().high(), entry.owner().low(), entry.epoch(), entry.version());
        Leaf leaf = new Leaf(place, entry, value);
        byPlace.put(place, leaf);
        byOwner.put(entry.owner(), leaf);
        addToKept(place, value);
    }

    void remove(NodeId owner) {
        Leaf old = byOwner.remove(owner);
        if (old != null) {
            byPlace.remove(old.place());
            addToKept(old.place(), -old.value());
        }
    }

    long keyId() {
        return keyId;
    }

    int size() {
        return byPlace.size();
    }

    long root() {
        return kept[0][0];
    }

    /** Sum of all below {@code node}. */
    long sum(TreeNode node) {
        if (node.level() < KEPT_LEVELS) {
            return kept[node.level()][(int) node.prefix()];
        }
        long sum = 0;
        for (Leaf leaf : below(node).values()) {
            sum += leaf.value();
        }
        return sum;
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
        return below(node).values().stream().limit(most + 1L).count() <= most;
    }

    /** The owners below {@code node}, in the order of the tree. */
    List<Entry> entries(TreeNode node) {
        List<Entry> entries = new ArrayList<>();
        below(node).values().forEach(leaf -> entries.add(leaf.entry()));
        return entries;
    }

    private NavigableMap<Long, Leaf> below(TreeNode node) {
        return byPlace.subMap(node.from(), true, node.to(), true);
    }

    private void addToKept(long place, long value) {
        kept[0][0] += value;
        kept[1][(int) (place >>> 60)] += value;
        kept[2][(int) (place >>> 56)] += value;
    }
}
