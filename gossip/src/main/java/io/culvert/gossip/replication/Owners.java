package io.culvert.gossip.replication;

import io.culvert.catalog.Liveness;
import io.culvert.catalog.NodeContent;
import io.culvert.catalog.NodeId;
import io.culvert.gossip.bounds.Size;
import io.culvert.gossip.identity.IdTable;
import io.culvert.gossip.identity.PublicKeyBytes;
import io.culvert.gossip.wire.TreeNode;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * All that is held, by owner, this host included, and the tree over it. Who is unreachable keeps his content, flagged by
 * the membership; it is no longer mentioned after a while, and dropped later still.
 */
final class Owners {
    private final NodeId self;
    private final ReplicationSettings settings;
    private final ReplicationPort port;
    private final OwnRecords own;
    private final Consumer<NodeId> onForgotten;
    private final IdTable<OwnerState> others;
    private OwnerTree tree;
    private int strangers;
    private long strangersBytes;

    /** One owner's state, ready to be handed on. */
    record Held(Head head, PublicKeyBytes key, RecordSet set) {}

    /** @param onForgotten told of each owner whose content is dropped */
    Owners(
            ReplicationSettings settings,
            OwnRecords own,
            TreeKey treeKey,
            ReplicationPort port,
            Consumer<NodeId> onForgotten) {
        this.self = own.self();
        this.settings = settings;
        this.port = port;
        this.own = own;
        this.onForgotten = onForgotten;
        this.tree = new OwnerTree(treeKey);
        this.others = new IdTable<>(ByteBuffer.wrap(treeKey.bytes()).getLong() ^ self.low());
    }

    OwnRecords own() {
        return own;
    }

    OwnerTree tree() {
        return tree;
    }

    void useTreeKey(TreeKey treeKey) {
        OwnerTree rekeyed = new OwnerTree(treeKey);
        tree.entries(TreeNode.ROOT).forEach(rekeyed::put);
        tree = rekeyed;
    }

    /** Null when nothing is known of this other host. */
    @Nullable
    OwnerState find(NodeId owner) {
        return others.find(owner);
    }

    /** The owner's state, a new one if need be; null when there are too many already whom the membership does not know. */
    @Nullable
    OwnerState findOrAdd(NodeId owner, long nowNanos) {
        OwnerState state = others.find(owner);
        if (state == null && strangers < settings.bounds().strangers()) {
            state = new OwnerState(owner, nowNanos);
            others.put(state);
            strangers++;
        }
        return state;
    }

    /** Whether {@code news} may be added to what is held of an owner: without limit only for those the membership knows. */
    boolean hasRoomFor(OwnerState state, Announcement news) {
        return state.isMember()
                || strangersBytes + news.weight() <= settings.bounds().strangersBytes();
    }

    private void count(OwnerState state) {
        strangersBytes += state.recount(state.isMember() ? 0 : state.set().bytes());
    }

    void memberChanged(NodeId member, PublicKeyBytes key, Liveness liveness, long nowNanos) {
        OwnerState state = others.find(member);
        if (state == null) {
            state = new OwnerState(member, nowNanos);
            others.put(state);
        } else if (!state.isMember()) {
            strangers--;
        }
        boolean back = state.hasLeft() && liveness != Liveness.LEFT;
        state.learnKey(key);
        state.liveness(liveness, nowNanos);
        count(state);
        list(state, nowNanos);
        if (back && state.head() != null) {
            // Those above dropped everything when it left; a head with the same records would bring nothing back.
            show(state);
        }
    }

    void memberForgotten(NodeId member) {
        OwnerState state = others.find(member);
        if (state != null && state.isMember()) {
            others.remove(member);
            forget(state);
        }
    }

    /** The own head is another now. */
    void ownChanged(Head head) {
        tree.put(new OwnerTree.Entry(self, head.epoch(), head.version()));
    }

    /** The state has another head now, and perhaps other records. */
    void changed(OwnerState state, boolean records, long nowNanos) {
        state.share(port);
        list(state, nowNanos);
        if (records) {
            count(state);
            show(state);
        }
    }

    private void show(OwnerState state) {
        NodeContent content = ContentAssembler.assemble(
                state.id, state.set(), kind -> port.noticed(new ReplicationNotice(kind, state.id, state.id)));
        if (content != null) {
            port.changed(port.share(content), state.isMember());
        }
    }

    /** Drops who has been unreachable for too long. To be called about once a minute. */
    void keepHouse(long nowNanos) {
        List<OwnerState> gone = new ArrayList<>();
        for (OwnerState state : others.values()) {
            if (state.unreachableNanos(nowNanos) >= settings.forgetAfter().toNanos()) {
                gone.add(state);
            } else {
                list(state, nowNanos);
            }
        }
        for (OwnerState state : gone) {
            forget(state);
            if (!state.isMember()) {
                others.remove(state.id);
                strangers--;
            }
        }
    }

    /** Mentions the owner in comparisons, or no longer. */
    private void list(OwnerState state, long nowNanos) {
        Head head = state.head();
        // What an owner who left had is of no use to anybody; a newcomer would refuse it, and differ for ever.
        if (head != null
                && !state.hasLeft()
                && state.unreachableNanos(nowNanos) < settings.unlistedAfter().toNanos()) {
            tree.put(port.share(new OwnerTree.Entry(state.id, head.epoch(), head.version())));
        } else {
            tree.remove(state.id);
        }
    }

    private void forget(OwnerState state) {
        boolean hadContent = state.head() != null;
        state.clear();
        count(state);
        tree.remove(state.id);
        onForgotten.accept(state.id);
        if (hadContent) {
            port.forgotten(state.id);
        }
    }

    /** Null when there is no content of this owner. */
    @Nullable
    Held held(NodeId owner) {
        if (owner.equals(self)) {
            Head head = own.head();
            return head == null ? null : new Held(head, own.key(), own.set());
        }
        OwnerState state = others.find(owner);
        if (state == null) {
            return null;
        }
        Head head = state.head();
        PublicKeyBytes key = state.key();
        return head == null || key == null ? null : new Held(head, key, state.set());
    }

    /** What answers {@code pull}; null when nothing newer is known. */
    @Nullable
    Repair repairFor(Pull pull) {
        Held held = held(pull.owner());
        if (held == null) {
            return null;
        }
        Head head = held.head();
        boolean same = head.epoch() == pull.epoch() && head.version() == pull.version();
        if (!head.isNewerThan(pull.epoch(), pull.version()) && !(pull.whole() && same)) {
            return null;
        }
        long since = pull.whole() || pull.epoch() != head.epoch() ? 0 : pull.version();
        return new Repair(
                head,
                held.key(),
                new ArrayList<>(held.set().slots().keySet()),
                held.set().changedSince(since));
    }

    /** Whether a peer's state of an owner is newer than ours, or what we publish is behind it. */
    boolean lacks(NodeId owner, long epoch, long version) {
        Held held = held(owner);
        return held == null ? epoch > 0 : held.head().isOlderThan(epoch, version);
    }

    /** Asks for what we lack of an owner. */
    Pull pullFor(NodeId owner) {
        Held held = held(owner);
        return held == null
                ? new Pull(owner, 0, 0, true)
                : new Pull(owner, held.head().epoch(), held.head().version(), false);
    }

    List<Size> sizes() {
        return List.of(
                new Size(
                        "owners who are no members",
                        strangers,
                        settings.bounds().strangers()),
                new Size(
                        "bytes of such owners",
                        strangersBytes,
                        settings.bounds().strangersBytes()));
    }

    /** How many owners have content here, this host included. */
    int withContent() {
        int count = own.head() == null ? 0 : 1;
        for (OwnerState state : others.values()) {
            count += state.head() == null ? 0 : 1;
        }
        return count;
    }

    /** How many owners have said more than what is held here. */
    int behind() {
        int count = 0;
        for (OwnerState state : others.values()) {
            count += state.isBehind() ? 1 : 0;
        }
        return count;
    }

    /** Owners with content whom the membership does not know. */
    int strangers() {
        return strangers;
    }

    /** All other owners with content. */
    List<Repair> all() {
        List<Repair> all = new ArrayList<>();
        for (OwnerState state : others.values()) {
            Repair repair = repairFor(new Pull(state.id, 0, 0, true));
            if (repair != null) {
                all.add(repair);
            }
        }
        return all;
    }
}
