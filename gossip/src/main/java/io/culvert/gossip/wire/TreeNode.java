package io.culvert.gossip.wire;

import io.culvert.gossip.wire.MalformedFrame.Reason;

/**
 * A node of a 16-way tree over 64-bit places.
 *
 * @param level 0 is the root
 * @param prefix the first {@code level} nibbles of every place below, in the low bits
 */
public record TreeNode(int level, long prefix) {
    public static final TreeNode ROOT = new TreeNode(0, 0);
    /** Nobody goes deeper: two owners that agree in 60 bits of a keyed hash are told apart by name. */
    public static final int MOST_LEVELS = 15;

    static final int BYTES = 9;

    public TreeNode {
        if (!isNode(level, prefix)) {
            throw new IllegalArgumentException("tree node: level " + level + ", prefix " + prefix);
        }
    }

    static TreeNode read(WireReader in) throws MalformedFrame {
        int level = in.u8("tree level");
        long prefix = in.u64("tree prefix");
        if (!isNode(level, prefix)) {
            throw new MalformedFrame(Reason.INVALID, "tree node");
        }
        return new TreeNode(level, prefix);
    }

    WireWriter write(WireWriter out) {
        return out.u8(level).u64(prefix);
    }

    public TreeNode child(int nibble) {
        return new TreeNode(level + 1, prefix << 4 | nibble);
    }

    /** The lowest place below, unsigned. */
    public long from() {
        return level == 0 ? 0 : prefix << 64 - 4 * level;
    }

    /** The highest place below, unsigned. */
    public long to() {
        return level == 0 ? -1 : from() | -1L >>> 4 * level;
    }

    private static boolean isNode(int level, long prefix) {
        return level >= 0 && level <= MOST_LEVELS && prefix >>> 4 * level == 0;
    }
}
