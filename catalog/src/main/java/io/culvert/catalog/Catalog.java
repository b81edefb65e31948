package io.culvert.catalog;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * The one writer of the catalogue. Facts are applied one at a time under its lock; listeners are called under it too, so
 * that they see every step once and in order.
 */
public final class Catalog implements CatalogView, CatalogSink {
    /** Liveness heard before content is remembered for so many hosts; the oldest is dropped beyond. */
    private static final int EARLY_LIVENESS_BOUND = 65_536;

    private final List<Listener> listeners = new CopyOnWriteArrayList<>();
    private final Map<NodeId, Liveness> earlyLiveness = new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<NodeId, Liveness> eldest) {
            return size() > EARLY_LIVENESS_BOUND;
        }
    };
    private volatile CatalogSnapshot published = CatalogSnapshot.EMPTY; // written under the lock only

    @Override
    public CatalogSnapshot current() {
        return published;
    }

    @Override
    public Subscription subscribe(Listener listener) {
        listeners.add(listener);
        return () -> listeners.remove(listener);
    }

    @Override
    public synchronized void contentChanged(NodeContent content) {
        NodeId id = content.node().id();
        Liveness early = earlyLiveness.remove(id);
        Liveness liveness = early != null
                ? early
                : published.node(id).map(CatalogNode::liveness).orElse(Liveness.ALIVE);
        if (liveness == Liveness.LEFT) {
            earlyLiveness.put(id, liveness);
            return;
        }
        publish(SnapshotStep.content(published, content, liveness));
    }

    /** {@link Liveness#LEFT} removes the host, as Consul does at once; it is back with its next content after ALIVE. */
    @Override
    public synchronized void livenessChanged(NodeId node, Liveness liveness) {
        Optional<CatalogNode> known = published.node(node);
        if (liveness == Liveness.LEFT) {
            earlyLiveness.put(node, liveness);
            publish(SnapshotStep.removal(published, node));
        } else if (known.isPresent()) {
            publish(SnapshotStep.content(published, known.get().content(), liveness));
        } else {
            earlyLiveness.put(node, liveness);
        }
    }

    @Override
    public synchronized void forgotten(NodeId node) {
        earlyLiveness.remove(node);
        publish(SnapshotStep.removal(published, node));
    }

    private void publish(Optional<CatalogChange> change) {
        if (change.isEmpty()) {
            return;
        }
        published = change.get().after();
        for (Listener listener : listeners) {
            listener.changed(change.get());
        }
    }
}
