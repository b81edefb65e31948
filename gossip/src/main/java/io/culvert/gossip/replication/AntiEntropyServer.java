package io.culvert.gossip.replication;

import io.culvert.gossip.wire.Frame;
import io.culvert.gossip.wire.MalformedFrame;
import io.culvert.gossip.wire.TreeNode;
import io.culvert.gossip.wire.TreeQuery;
import io.culvert.gossip.wire.TreeSums;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Answers one peer that compares contents over a stream. Keeps nothing between two questions, and answers only so much of
 * each: the asker asks again for the rest. Pure; confined to the gossip loop.
 */
public final class AntiEntropyServer {
    /** Up to so many owners, a whole digest is shorter than going down a tree. */
    private static final int FLAT_OWNERS = 256;
    /** Below a node with so few, their states are shorter than sixteen sums. */
    private static final int LEAF_OWNERS = 8;
    /** Records in one answer; one owner's whole set may go over it. */
    private static final int ANSWER_BYTES = 256 * 1_024;

    private final Owners owners;

    public AntiEntropyServer(Replication replication) {
        this.owners = replication.owners();
    }

    /** What to say to {@code question}; nothing is said to what is no question. */
    public List<Frame> answer(List<? extends Frame> question) {
        List<Frame> answer = new ArrayList<>();
        int bytes = 0;
        for (Frame frame : question) {
            if (frame instanceof TreeQuery query) {
                answer.addAll(compare(query));
            } else if (frame instanceof Frame.Content content && bytes < ANSWER_BYTES) {
                Frame repair = repairFor(content);
                if (repair != null) {
                    answer.add(repair);
                    bytes += repair.length();
                }
            }
        }
        return answer;
    }

    private List<Frame> compare(TreeQuery query) {
        OwnerTree tree = owners.tree();
        if (query.keyId() != tree.keyId()) {
            // While the pool's key changes the sums mean different things to the two; states do not.
            return new ArrayList<>(ContentComparison.digest(tree.entries(TreeNode.ROOT)));
        }
        List<Frame> answer = new ArrayList<>();
        for (TreeQuery.Node asked : query.nodes()) {
            if (tree.sum(asked.node()) != asked.sum()) {
                answer.addAll(below(asked, tree));
            }
        }
        return answer;
    }

    private static List<? extends Frame> below(TreeQuery.Node asked, OwnerTree tree) {
        TreeNode node = asked.node();
        boolean flat = asked.sum() == 0
                || node.level() == TreeNode.MOST_LEVELS
                || tree.holdsAtMost(node.level() == 0 ? FLAT_OWNERS : LEAF_OWNERS, node);
        return flat ? ContentComparison.digest(tree.entries(node)) : List.of(new TreeSums(node, tree.childSums(node)));
    }

    private @Nullable Frame repairFor(Frame.Content content) {
        try {
            if (ReplicationFrame.read(content) instanceof Pull pull) {
                Repair repair = owners.repairFor(pull);
                return repair == null ? null : repair.frame();
            }
            return null;
        } catch (MalformedFrame unreadable) {
            // An asker who does not speak our language gets no answer; his stream ends at his deadline.
            return null;
        }
    }
}
