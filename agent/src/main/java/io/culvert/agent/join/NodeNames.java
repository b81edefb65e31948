package io.culvert.agent.join;

import io.culvert.catalog.CatalogNode;
import io.culvert.catalog.CatalogView;
import io.culvert.catalog.Liveness;
import io.culvert.catalog.NodeId;
import io.culvert.catalog.NodeName;
import java.util.Optional;

/** Who answers to a node name now. */
@FunctionalInterface
public interface NodeNames {
    /** The live agent of this name; empty when there is none or it failed or left. Never blocks. */
    Optional<NodeId> liveHolder(NodeName name);

    /** As the catalogue knows it. */
    static NodeNames in(CatalogView catalog) {
        return name -> catalog.current()
                .node(name)
                .filter(node -> node.liveness() == Liveness.ALIVE || node.liveness() == Liveness.SUSPECT)
                .map(CatalogNode::id);
    }
}
