package io.culvert.agent.outputs;

import io.culvert.catalog.CatalogNode;
import io.culvert.catalog.NodeId;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What checks of other hosts said, as the API asks for it. */
@FunctionalInterface
public interface CheckOutputs {
    /** Knows of none. */
    CheckOutputs NONE = wanted -> Map.of();

    /** Ids of checks of one host. */
    record Wanted(CatalogNode host, Set<String> checks) {
        public Wanted {
            checks = Set.copyOf(checks);
        }
    }

    /**
     * Blocks for a second at most, whatever the hosts do; where one does not answer, its checks have a sentence that says
     * so instead of an output.
     *
     * @return by host and id
     */
    Map<NodeId, Map<String, String>> of(List<Wanted> wanted);
}
