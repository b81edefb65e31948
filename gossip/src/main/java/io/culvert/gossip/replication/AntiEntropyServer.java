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
    /** In one answer; what is being told of one node or one owner may go over it. */
    private static final int ANSWER_BYTES = 256 * 1_024;

    private final Owners owners;

    public AntiEntropyServer(Replication replication) {
        this.owners = replication.owners();
    }

    /** What to say to {@code question}; nothing is said to what is no question. */
    public List<Frame> answer(List<? extends Frame> question) {
        Answer answer = new Answer();
        for (Frame frame : question) {
            if (frame instanceof TreeQuery query) {
                compare(query, answer);
            } else if (frame instanceof Frame.Content content && answer.hasRoom()) {
                Frame repair = repairFor(content);
                if (repair != null) {
                    answer.add(List.of(repair));
                }
            }
        }
        return answer.frames;
    }

    /** Bounded: a short question repeated a thousand times must not make a thousand long answers. */
    private static final class Answer {
        private final List<Frame> frames = new ArrayList<>();
        private int bytes;

        boolean hasRoom() {
            return bytes < ANSWER_BYTES;
        }

        void add(List<? extends Frame> more) {
            frames.addAll(more);
            bytes += Frame.length(more);
        }
    }

    private void compare(TreeQuery query, Answer answer) {
        OwnerTree tree = owners.tree();
        if (query.keyId() != tree.keyId()) {
            // While the pool's key changes the sums mean different things to the two; states do not.
            if (answer.hasRoom()) {
                answer.add(ContentComparison.digest(tree.entries(TreeNode.ROOT)));
            }
            return;
        }
        for (TreeQuery.Node asked : query.nodes()) {
            if (answer.hasRoom() && tree.sum(asked.node()) != asked.sum()) {
                answer.add(below(asked, tree));
            }
        }
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
