package io.culvert.proxy.balance;

import io.culvert.catalog.CatalogInstance;
import io.culvert.catalog.NodeId;

/** One instance, wherever it is. */
public record InstanceKey(NodeId host, String instanceId) {
    public static InstanceKey of(CatalogInstance instance) {
        return new InstanceKey(instance.host().id(), instance.service().id());
    }
}
