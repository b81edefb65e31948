package io.culvert.gossip.replication;

import io.culvert.catalog.CheckState;
import io.culvert.catalog.NodeRecord;
import io.culvert.catalog.ServiceInstance;

/** One record of an owner, read. */
public sealed interface ContentRecord {
    /** The host itself. */
    record OfNode(NodeRecord node) implements ContentRecord {}

    /** One of its instances. */
    record OfService(ServiceInstance service) implements ContentRecord {}

    /** One of its checks. */
    record OfCheck(CheckState check) implements ContentRecord {}

    /** Something a newer agent publishes: kept and handed on, not understood. */
    record Unknown(int kind) implements ContentRecord {}
}
