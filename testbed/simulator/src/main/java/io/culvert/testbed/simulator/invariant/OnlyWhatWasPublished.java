package io.culvert.testbed.simulator.invariant;

import io.culvert.catalog.NodeContent;
import io.culvert.catalog.NodeId;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Invariant 7. */
final class OnlyWhatWasPublished extends Invariant {
    private static final int NEVER = -1;

    private final Map<NodeId, Map<NodeContent, Integer>> published = new HashMap<>();
    private final Pairs shown = new Pairs();

    OnlyWhatWasPublished(Watch watch) {
        super(watch, 7, "what is held of an owner is one state that it really published, and no observer goes back");
    }

    @Override
    void started(Host host) {
        shown.clear(host);
    }

    @Override
    void published(Host owner, NodeContent content) {
        Map<NodeContent, Integer> states = published.computeIfAbsent(owner.id(), unused -> new HashMap<>());
        states.putIfAbsent(content, states.size());
    }

    @Override
    void contentShown(Host observer, NodeContent content) {
        NodeId id = content.node().id();
        @Nullable Host owner = watch.find(id);
        if (owner == null) {
            return;
        }
        int change = published.getOrDefault(id, Map.of()).getOrDefault(content, NEVER);
        check(change != NEVER, () -> observer + " shows what " + owner + " never published: " + content);
        // Two processes with one identity publish in turn.
        boolean alone = !watch.isPardonedLately(owner);
        long before = shown.get(observer, owner);
        check(
                before <= change || !alone,
                () -> observer + " goes back from change " + before + " to " + change + " of " + owner);
        shown.put(observer, owner, change);
    }
}
