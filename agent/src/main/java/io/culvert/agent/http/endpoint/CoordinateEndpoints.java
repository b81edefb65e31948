package io.culvert.agent.http.endpoint;

import com.fasterxml.jackson.core.JsonGenerator;
import io.culvert.agent.http.Membership;
import io.culvert.agent.http.json.ConsulJson;
import io.culvert.agent.http.json.MemberJson;
import io.culvert.agent.http.route.Answer;
import io.culvert.agent.http.route.ApiRefusal;
import io.culvert.agent.http.route.ApiRequest;
import io.culvert.agent.http.route.Readout;
import io.culvert.agent.http.route.Reply;
import io.culvert.agent.http.route.Router;
import io.culvert.agent.http.route.Topic;
import io.culvert.catalog.CatalogNode;
import io.culvert.catalog.CatalogSnapshot;
import io.culvert.catalog.CatalogView;
import io.culvert.catalog.NodeName;
import io.culvert.catalog.NodeRecord;
import io.culvert.gossip.wire.Coordinate;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** {@code /v1/coordinate} in Consul's form, and the round trip between two hosts in Culvert's own. */
final class CoordinateEndpoints {
    private final CatalogView catalog;
    private final Reads reads;
    private final Membership membership;
    private final Supplier<NodeRecord> self;

    CoordinateEndpoints(CatalogView catalog, Reads reads, Membership membership, Supplier<NodeRecord> self) {
        this.catalog = catalog;
        this.reads = reads;
        this.membership = membership;
        this.self = self;
    }

    void add(Router.Builder routes) {
        routes.get("/v1/coordinate/datacenters", this::datacenters)
                .get("/v1/coordinate/nodes", this::nodes)
                .get("/v1/coordinate/node/:node", this::node)
                .notYet("PUT", "/v1/coordinate/update", "agents find out by themselves where they are")
                .get(
                        "/v1/culvert/rtt/:from",
                        request -> roundTrip(request, self.get().name().text()))
                .get("/v1/culvert/rtt/:from/:to", request -> roundTrip(request, request.parameter("to")));
    }

    /** A node and where it is. */
    private record Placed(NodeName name, Coordinate coordinate) {}

    private List<Placed> placed(CatalogSnapshot snapshot, boolean serversOnly) {
        var coordinates = membership.coordinates();
        List<Placed> placed = new ArrayList<>();
        for (CatalogNode node : CatalogEndpoints.sorted(snapshot.nodes())) {
            Coordinate coordinate = coordinates.get(node.id());
            if (coordinate != null && (node.node().server() || !serversOnly)) {
                placed.add(new Placed(node.node().name(), coordinate));
            }
        }
        return placed;
    }

    /** The servers of the one datacenter that this pool is. */
    private Reply datacenters(ApiRequest request) throws ApiRefusal {
        reads.check(request);
        List<Placed> servers = placed(catalog.current(), true);
        return Answer.json(json -> {
            json.writeStartArray();
            json.writeStartObject();
            json.writeStringField("Datacenter", self.get().datacenter());
            json.writeStringField("AreaID", "wan");
            json.writeFieldName("Coordinates");
            ConsulJson.array(json, servers, CoordinateEndpoints::write);
            json.writeEndObject();
            json.writeEndArray();
        });
    }

    private Reply nodes(ApiRequest request) throws ApiRefusal {
        return reads.blocking(request, Topic.NODES, () -> {
            CatalogSnapshot snapshot = catalog.current();
            return new Readout(
                    snapshot.nodesIndex(),
                    () -> Answer.json(
                            json -> ConsulJson.array(json, placed(snapshot, false), CoordinateEndpoints::write)));
        });
    }

    private Reply node(ApiRequest request) throws ApiRefusal {
        reads.check(request);
        String wanted = request.parameter("node");
        List<Placed> found = placed(catalog.current(), false).stream()
                .filter(placed -> placed.name().text().equalsIgnoreCase(wanted))
                .toList();
        if (found.isEmpty()) {
            throw new ApiRefusal(404, "no coordinate of node '" + wanted + "' is known");
        }
        return Answer.json(json -> ConsulJson.array(json, found, CoordinateEndpoints::write));
    }

    private static void write(JsonGenerator json, Placed placed) throws IOException {
        json.writeStartObject();
        json.writeStringField("Node", placed.name().text());
        json.writeStringField("Segment", "");
        json.writeFieldName("Coord");
        MemberJson.coordinate(json, placed.coordinate());
        json.writeEndObject();
    }

    private Reply roundTrip(ApiRequest request, String to) throws ApiRefusal {
        String from = request.parameter("from");
        Coordinate start = coordinate(from);
        Coordinate end = coordinate(to);
        boolean same = from.equalsIgnoreCase(to);
        return Answer.json(json -> {
            json.writeStartObject();
            json.writeStringField("From", from);
            json.writeStringField("To", to);
            json.writeNumberField("Seconds", same ? 0 : start.distanceSeconds(end));
            json.writeNumberField("Error", Math.max(start.error(), end.error()));
            json.writeEndObject();
        });
    }

    private Coordinate coordinate(String node) throws ApiRefusal {
        CatalogSnapshot snapshot = catalog.current();
        Optional<CatalogNode> known = CatalogEndpoints.nodeName(node).flatMap(snapshot::node);
        if (known.isEmpty()) {
            throw new ApiRefusal(404, "no node '" + node + "' is known ('culvert members' lists them)");
        }
        Coordinate coordinate = membership.coordinates().get(known.get().id());
        if (coordinate == null) {
            throw new ApiRefusal(
                    404,
                    "where node '" + node + "' is in the network is not known yet: it takes some probes to find out");
        }
        return coordinate;
    }
}
