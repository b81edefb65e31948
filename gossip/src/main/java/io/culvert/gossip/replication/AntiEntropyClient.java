package io.culvert.gossip.replication;

import io.culvert.catalog.NodeId;
import io.culvert.gossip.wire.Frame;
import io.culvert.gossip.wire.SyncFrame;
import io.culvert.gossip.wire.TreeNode;
import io.culvert.gossip.wire.TreeQuery;
import io.culvert.gossip.wire.TreeSums;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Compares contents with one peer over a stream and takes what is newer there: down the tree wherever the sums differ,
 * then the records of every owner that the peer is ahead of. Only this side learns; the peer asks for itself. One object
 * for one comparison. Pure; confined to the gossip loop.
 */
public final class AntiEntropyClient {
    private static final int MOST_NODES = 4_096;
    private static final int MOST_WANTED = 16_384;
    /** Owners asked for at once: their heads have to be verified before more are worth having. */
    private static final int BATCH = 64;

    private final Replication replication;
    private final NodeId peer;
    private final Deque<TreeNode> toVisit = new ArrayDeque<>();
    private final Set<TreeNode> asked = new HashSet<>();
    private final Map<NodeId, Pull> wanted = new LinkedHashMap<>();
    private final Set<NodeId> requested = new HashSet<>();
    private boolean progress;
    private int differing;

    public AntiEntropyClient(Replication replication, NodeId peer) {
        this.replication = replication;
        this.peer = peer;
        toVisit.add(TreeNode.ROOT);
    }

    /**
     * What to ask now: to be called at the start and whenever the peer has answered completely. Empty when nothing is left
     * to be asked, or, when not {@link #isFinished}, until some of what came is verified: then it is to be called again a
     * little later.
     */
    public List<Frame> next() {
        settleRequested();
        if (!toVisit.isEmpty()) {
            return List.of(query());
        }
        List<Frame> questions = new ArrayList<>();
        int room = Math.min(BATCH, replication.verificationRoom());
        for (Map.Entry<NodeId, Pull> want : wanted.entrySet()) {
            if (questions.size() >= room) {
                break;
            }
            requested.add(want.getKey());
            questions.add(want.getValue().frame());
        }
        return questions;
    }

    /** Whether everything was compared and taken that could be. */
    public boolean isFinished() {
        return toVisit.isEmpty() && wanted.isEmpty();
    }

    /** Owners of whom the peer holds a newer state, as far as was seen. */
    public int differing() {
        return differing;
    }

    /** Takes one frame of an answer; what was not asked for changes nothing. */
    public void onFrame(Frame frame, Moment now) {
        if (frame instanceof TreeSums sums) {
            onSums(sums);
        } else if (frame instanceof SyncFrame.ContentDigest digest) {
            onDigest(digest);
        } else if (frame instanceof Frame.Content content) {
            onContent(content, now);
        }
    }

    private TreeQuery query() {
        OwnerTree tree = replication.owners().tree();
        List<TreeQuery.Node> nodes = new ArrayList<>();
        asked.clear();
        while (!toVisit.isEmpty() && nodes.size() < TreeQuery.MOST) {
            TreeNode node = toVisit.removeFirst();
            asked.add(node);
            nodes.add(new TreeQuery.Node(node, tree.sum(node)));
        }
        return new TreeQuery(tree.keyId(), nodes);
    }

    private void onSums(TreeSums sums) {
        if (!asked.remove(sums.node())) {
            return;
        }
        OwnerTree tree = replication.owners().tree();
        for (int i = 0; i < TreeSums.CHILDREN; i++) {
            TreeNode child = sums.node().child(i);
            // Nothing below at the peer: nothing to learn from it there.
            if (sums.sums()[i] != 0 && sums.sums()[i] != tree.sum(child) && toVisit.size() < MOST_NODES) {
                toVisit.addLast(child);
            }
        }
    }

    private void onDigest(SyncFrame.ContentDigest digest) {
        for (Pull pull : replication.lacking(digest.entries())) {
            if (wanted.size() < MOST_WANTED && wanted.put(pull.owner(), pull) == null) {
                differing++;
            }
        }
    }

    private void onContent(Frame.Content content, Moment now) {
        NodeId owner = ReplicationFrame.ownerOf(content);
        if (owner != null && requested.remove(owner)) {
            wanted.remove(owner);
            progress = true;
            replication.onFrame(peer, content, now);
        }
    }

    /** What the peer left out for length is asked again, unless it left out everything. */
    private void settleRequested() {
        if (!progress) {
            requested.forEach(wanted::remove);
        }
        requested.clear();
        progress = false;
    }
}
