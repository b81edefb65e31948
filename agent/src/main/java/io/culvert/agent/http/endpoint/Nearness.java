package io.culvert.agent.http.endpoint;

import io.culvert.agent.http.Membership;
import io.culvert.agent.http.route.ApiRequest;
import io.culvert.catalog.CatalogNode;
import io.culvert.catalog.CatalogSnapshot;
import io.culvert.catalog.NodeId;
import io.culvert.gossip.wire.Coordinate;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** {@code ?near=NODE}, {@code ?near=_agent}: sorts by the round trip to be expected, and filters nothing. */
final class Nearness {
    private static final String THIS_AGENT = "_agent";

    private final Membership membership;
    private final Supplier<NodeId> self;

    Nearness(Membership membership, Supplier<NodeId> self) {
        this.membership = membership;
        this.self = self;
    }

    /**
     * The nearest first; those whose place is not known yet last, as they came. All as they came when the node asked for is
     * unknown or its own place is.
     */
    <T> List<T> sorted(ApiRequest request, CatalogSnapshot snapshot, List<T> items, Function<T, NodeId> node) {
        String near = request.query("near").orElse("");
        if (near.isEmpty() || items.size() < 2) {
            return items;
        }
        Optional<NodeId> from = near.equals(THIS_AGENT)
                ? Optional.of(self.get())
                : CatalogEndpoints.nodeName(near).flatMap(snapshot::node).map(CatalogNode::id);
        Map<NodeId, Coordinate> coordinates = membership.coordinates();
        Coordinate origin = from.map(coordinates::get).orElse(null);
        if (origin == null) {
            return items;
        }
        return items.stream()
                .sorted(Comparator.comparingDouble(item ->
                        from.get().equals(node.apply(item)) ? 0 : seconds(origin, coordinates.get(node.apply(item)))))
                .toList();
    }

    private static double seconds(Coordinate from, @Nullable Coordinate to) {
        return to == null ? Double.POSITIVE_INFINITY : from.distanceSeconds(to);
    }
}
