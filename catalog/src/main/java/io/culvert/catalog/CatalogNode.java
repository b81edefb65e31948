package io.culvert.catalog;

import java.util.List;

/**
 * A host in a snapshot.
 *
 * @param createIndex snapshot index at which it appeared
 * @param modifyIndex snapshot index of its last change
 */
public record CatalogNode(NodeContent content, Liveness liveness, long createIndex, long modifyIndex) {
    /** Id and name of the check that shows liveness to Consul's clients. */
    public static final String LIVENESS_CHECK = "serfHealth";

    public NodeRecord node() {
        return content.node();
    }

    public NodeId id() {
        return content.node().id();
    }

    /** The same host without its services and checks. */
    CatalogNode bare() {
        return new CatalogNode(
                new NodeContent(content.node(), List.of(), List.of()), liveness, createIndex, modifyIndex);
    }

    /** The check that Consul's clients know as {@code serfHealth}. */
    public CheckState livenessCheck() {
        CheckStatus status = liveness.isRoutable() ? CheckStatus.PASSING : CheckStatus.CRITICAL;
        return new CheckState(LIVENESS_CHECK, "Serf Health Status", status, "", "", "");
    }
}
