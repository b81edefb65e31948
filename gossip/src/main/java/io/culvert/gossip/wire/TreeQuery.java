package io.culvert.gossip.wire;

import io.culvert.gossip.wire.MalformedFrame.Reason;
import java.util.ArrayList;
import java.util.List;

/**
 * Compare these nodes of the content tree. Answered, in order and only where the sums differ, by {@link TreeSums} of the
 * node's children, or by {@link SyncFrame.ContentDigest} of all below where that is shorter.
 *
 * @param keyId number of the pool key under which the asker's tree is hashed: under another key only whole digests compare
 */
public record TreeQuery(long keyId, List<Node> nodes) implements SyncFrame {
    /** Nodes a frame. */
    public static final int MOST = 256;

    private static final int KEY_ID_BYTES = 4;
    private static final int NODE_BYTES = TreeNode.BYTES + 8;

    /** @param sum of all that the asker holds below {@code node}; 0 when that is nothing */
    public record Node(TreeNode node, long sum) {}

    public TreeQuery {
        nodes = List.copyOf(nodes);
    }

    static TreeQuery read(WireReader in) throws MalformedFrame {
        long keyId = in.u32("key id");
        int count = in.remaining() / NODE_BYTES;
        if (in.remaining() % NODE_BYTES != 0 || count > MOST) {
            throw new MalformedFrame(Reason.INVALID, "list length");
        }
        List<Node> nodes = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            nodes.add(new Node(TreeNode.read(in), in.u64("sum")));
        }
        return new TreeQuery(keyId, nodes);
    }

    @Override
    public FrameType type() {
        return FrameType.TREE_QUERY;
    }

    @Override
    public int bodyLength() {
        return KEY_ID_BYTES + NODE_BYTES * nodes.size();
    }

    @Override
    public void writeBody(WireWriter out) {
        out.u32(keyId);
        for (Node asked : nodes) {
            asked.node().write(out).u64(asked.sum());
        }
    }
}
