package io.culvert.gossip;

import io.culvert.catalog.Liveness;
import io.culvert.catalog.NodeId;
import io.culvert.gossip.wire.Alive;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/**
 * The members of the pool, for layers that keep membership of their own. Left and given up mean removed, suspected means
 * unreachable; nobody is ever removed and added again because its metadata, version, address or incarnation changed. While
 * so many die at once that this host takes itself to be cut off, the dead stay, unreachable.
 *
 * <p>Written on the gossip loop only. {@link #current} may be called by any thread and is an immutable copy.
 */
public final class PoolMembers {
    private final Map<NodeId, PoolMember> members = new LinkedHashMap<>();
    private final List<PoolMembersListener> listeners = new CopyOnWriteArrayList<>();
    private volatile List<PoolMember> published = List.of();

    PoolMembers() {}

    /** This host included, from its start until it has left. */
    public List<PoolMember> current() {
        return published;
    }

    public Optional<PoolMember> find(NodeId id) {
        return published.stream().filter(member -> member.id().equals(id)).findFirst();
    }

    /** {@code listener} hears of what happens from now on. Any thread. */
    public void add(PoolMembersListener listener) {
        listeners.add(listener);
    }

    public void remove(PoolMembersListener listener) {
        listeners.remove(listener);
    }

    /** What the pool holds of a member now. */
    void update(Alive word, Liveness liveness) {
        PoolMember before = members.get(word.about());
        if (!liveness.isRoutable()) {
            forget(word.about());
            return;
        }
        PoolMember now = new PoolMember(
                word.about(),
                word.isServer(),
                word.address().ip(),
                word.tunnelPort(),
                word.incarnation().epoch(),
                liveness == Liveness.ALIVE);
        if (now.equals(before)) {
            return;
        }
        members.put(now.id(), now);
        publish();
        tell(before, now);
    }

    private void tell(@Nullable PoolMember before, PoolMember now) {
        for (PoolMembersListener listener : listeners) {
            if (before == null) {
                listener.added(now);
                continue;
            }
            PoolMember renewed = now.reachable(before.reachable());
            if (!renewed.equals(before)) {
                listener.changed(before, renewed);
            }
            if (now.reachable() != before.reachable()) {
                listener.reachabilityChanged(now);
            }
        }
    }

    /** Nothing is kept of it any more, or it is no member any more. */
    void forget(NodeId id) {
        PoolMember gone = members.remove(id);
        if (gone != null) {
            publish();
            listeners.forEach(listener -> listener.removed(gone));
        }
    }

    private void publish() {
        published = List.copyOf(members.values());
    }
}
