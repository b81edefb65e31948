package io.culvert.testbed.simulator.invariant;

import io.culvert.catalog.Liveness;
import io.culvert.catalog.NodeContent;
import io.culvert.catalog.NodeId;
import io.culvert.gossip.membership.MemberChange;
import io.culvert.gossip.wire.Incarnation;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Invariant 8. */
final class NothingComesBack extends Invariant {
    private final Map<NodeId, Set<String>> live = new HashMap<>();
    private final Map<NodeId, Set<String>> deleted = new HashMap<>();
    /** What everybody knew to be deleted when all agreed. */
    private final Map<NodeId, Set<String>> buried = new HashMap<>();

    private final Map<NodeId, Map<NodeId, Incarnation>> forgotten = new HashMap<>();
    private final Map<NodeId, Incarnation> current = new HashMap<>();

    NothingComesBack(Watch watch) {
        super(
                watch,
                8,
                "no instance reappears that was deleted before everybody agreed; nobody who was forgotten is routable"
                        + " again without a new life");
    }

    @Override
    void started(Host host) {
        // Its memory is that of its disk.
        forgotten.remove(host.id());
    }

    @Override
    void published(Host owner, NodeContent content) {
        Set<String> now = instances(content);
        Set<String> gone = deleted.computeIfAbsent(owner.id(), unused -> new HashSet<>());
        gone.addAll(live.getOrDefault(owner.id(), Set.of()));
        gone.removeAll(now);
        live.put(owner.id(), now);
    }

    private static Set<String> instances(NodeContent content) {
        Set<String> ids = new HashSet<>();
        content.services().forEach(service -> ids.add(service.id().toString()));
        return ids;
    }

    @Override
    void agreed() {
        deleted.forEach((owner, gone) -> buried.put(owner, new HashSet<>(gone)));
    }

    @Override
    void contentShown(Host observer, NodeContent content) {
        Set<String> back = instances(content);
        back.retainAll(buried.getOrDefault(content.node().id(), Set.of()));
        check(
                back.isEmpty(),
                () -> observer + " shows " + back + " of " + content.node().name() + " again");
    }

    @Override
    void forgotten(Host observer, NodeId member) {
        @Nullable Incarnation last = current.get(member);
        if (last != null) {
            forgotten.computeIfAbsent(observer.id(), unused -> new HashMap<>()).put(member, last);
        }
    }

    @Override
    void changed(Host observer, MemberChange change) {
        Incarnation now = change.incarnation();
        current.merge(change.member(), now, (one, other) -> one.isNewerThan(other) ? one : other);
        @Nullable
        Incarnation last = forgotten.getOrDefault(observer.id(), Map.of()).get(change.member());
        check(
                last == null || change.after() != Liveness.ALIVE || now.epoch() > last.epoch(),
                () -> observer + " had forgotten " + change.member() + " as " + last + " and takes it for alive as "
                        + now);
    }
}
