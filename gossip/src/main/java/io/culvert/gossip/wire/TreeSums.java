package io.culvert.gossip.wire;

import java.util.Arrays;

/** Sums of the sixteen children of one node of the content tree; 0 where nothing is held. The array is never changed. */
public record TreeSums(TreeNode node, long[] sums) implements SyncFrame {
    public static final int CHILDREN = 16;

    public TreeSums {
        if (sums.length != CHILDREN || node.level() >= TreeNode.MOST_LEVELS) {
            throw new IllegalArgumentException(sums.length + " sums below level " + node.level());
        }
    }

    static TreeSums read(WireReader in) throws MalformedFrame {
        TreeNode node = TreeNode.read(in);
        if (node.level() >= TreeNode.MOST_LEVELS) {
            throw new MalformedFrame(MalformedFrame.Reason.INVALID, "tree level");
        }
        long[] sums = new long[CHILDREN];
        for (int i = 0; i < CHILDREN; i++) {
            sums[i] = in.u64("sum");
        }
        return new TreeSums(node, sums);
    }

    @Override
    public FrameType type() {
        return FrameType.TREE_SUMS;
    }

    @Override
    public int bodyLength() {
        return TreeNode.BYTES + 8 * CHILDREN;
    }

    @Override
    public void writeBody(WireWriter out) {
        node.write(out);
        for (long sum : sums) {
            out.u64(sum);
        }
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof TreeSums that && node.equals(that.node) && Arrays.equals(sums, that.sums);
    }

    @Override
    public int hashCode() {
        return 31 * node.hashCode() + Arrays.hashCode(sums);
    }

    @Override
    public String toString() {
        return "TREE_SUMS " + node;
    }
}
