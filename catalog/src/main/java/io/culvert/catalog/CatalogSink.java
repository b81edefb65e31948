package io.culvert.catalog;

/** Where verified facts go. Quick, never blocks; any thread, one call at a time takes effect. */
public interface CatalogSink {
    /** Replaces all that this owner had published. A host that was never heard of counts as alive. */
    void contentChanged(NodeContent content);

    /** What the pool thinks of a host; remembered also before its content is known. */
    void livenessChanged(NodeId node, Liveness liveness);

    /** Removes a host and all that it published. */
    void forgotten(NodeId node);
}
