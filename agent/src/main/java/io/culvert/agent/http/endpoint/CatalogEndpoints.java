package io.culvert.agent.http.endpoint;

import com.fasterxml.jackson.core.JsonGenerator;
import io.culvert.agent.http.json.ConsulJson;
import io.culvert.agent.http.route.Answer;
import io.culvert.agent.http.route.ApiRefusal;
import io.culvert.agent.http.route.ApiRequest;
import io.culvert.agent.http.route.Readout;
import io.culvert.agent.http.route.Reply;
import io.culvert.agent.http.route.Router;
import io.culvert.agent.http.route.Topic;
import io.culvert.catalog.CatalogInstance;
import io.culvert.catalog.CatalogNode;
import io.culvert.catalog.CatalogService;
import io.culvert.catalog.CatalogSnapshot;
import io.culvert.catalog.CatalogView;
import io.culvert.catalog.NodeId;
import io.culvert.catalog.NodeName;
import io.culvert.catalog.ServiceInstance;
import io.culvert.catalog.ServiceName;
import java.io.IOException;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.function.Supplier;

/** {@code /v1/catalog}: the mesh as this host knows it. */
final class CatalogEndpoints {
    private final CatalogView catalog;
    private final Reads reads;
    private final Nearness nearness;
    private final Supplier<String> datacenter;

    CatalogEndpoints(CatalogView catalog, Reads reads, Nearness nearness, Supplier<String> datacenter) {
        this.catalog = catalog;
        this.reads = reads;
        this.nearness = nearness;
        this.datacenter = datacenter;
    }

    void add(Router.Builder routes) {
        routes.get("/v1/catalog/datacenters", this::datacenters)
                .get("/v1/catalog/nodes", this::nodes)
                .get("/v1/catalog/services", this::services)
                .get("/v1/catalog/service/:service", request -> service(request, instance -> true))
                .get(
                        "/v1/catalog/connect/:service",
                        request ->
                                service(request, instance -> instance.service().mesh()))
                .get("/v1/catalog/node/:node", request -> node(request, false))
                .get("/v1/catalog/node-services/:node", request -> node(request, true))
                .notYet("PUT", "/v1/catalog/register", "entries of hosts without an agent are not offered yet")
                .notYet("PUT", "/v1/catalog/deregister", "entries of hosts without an agent are not offered yet")
                .notYet("GET", "/v1/catalog/gateway-services/:gateway", "there are no gateways in this mesh");
    }

    /** Own first, the others by name. */
    private Reply datacenters(ApiRequest request) throws ApiRefusal {
        reads.check(request);
        Set<String> names = new LinkedHashSet<>(List.of(datacenter.get()));
        Set<String> others = new TreeSet<>();
        catalog.current().nodes().forEach(node -> others.add(node.node().datacenter()));
        names.addAll(others);
        return Answer.json(json -> {
            json.writeStartArray();
            for (String name : names) {
                json.writeString(name);
            }
            json.writeEndArray();
        });
    }

    private Reply nodes(ApiRequest request) throws ApiRefusal {
        return reads.blocking(request, Topic.NODES, () -> {
            CatalogSnapshot snapshot = catalog.current();
            return new Readout(
                    snapshot.nodesIndex(),
                    () -> Answer.json(json -> {
                        List<CatalogNode> nodes = sorted(snapshot.nodes()).stream()
                                .filter(node ->
                                        Reads.matchesMeta(request, node.node().meta()))
                                .toList();
                        ConsulJson.array(
                                json,
                                nearness.sorted(request, snapshot, nodes, CatalogNode::id),
                                (to, node) -> ConsulJson.node(to, node, reads.base()));
                    }));
        });
    }

    static List<CatalogNode> sorted(Collection<CatalogNode> nodes) {
        return nodes.stream()
                .sorted(Comparator.comparing((CatalogNode node) -> node.node().name())
                        .thenComparing(CatalogNode::id))
                .toList();
    }

    private Reply services(ApiRequest request) throws ApiRefusal {
        return reads.blocking(request, Topic.SERVICES, () -> {
            CatalogSnapshot snapshot = catalog.current();
            return new Readout(
                    snapshot.servicesIndex(),
                    () -> Answer.json(json -> {
                        Map<String, Set<String>> tags = tagsByService(request, snapshot);
                        json.writeStartObject();
                        for (Map.Entry<String, Set<String>> service : tags.entrySet()) {
                            ConsulJson.texts(json, service.getKey(), service.getValue());
                        }
                        json.writeEndObject();
                    }));
        });
    }

    private static Map<String, Set<String>> tagsByService(ApiRequest request, CatalogSnapshot snapshot) {
        Map<String, Set<String>> tags = new TreeMap<>();
        for (CatalogService service : snapshot.services()) {
            for (CatalogInstance instance : service.instances()) {
                if (Reads.matchesMeta(request, instance.host().node().meta())) {
                    tags.computeIfAbsent(service.name().text(), name -> new TreeSet<>())
                            .addAll(instance.service().tags());
                }
            }
        }
        return tags;
    }

    private Reply service(ApiRequest request, Predicate<CatalogInstance> kind) throws ApiRefusal {
        Optional<ServiceName> name = serviceName(request);
        return reads.blocking(request, topic(name), () -> {
            CatalogSnapshot snapshot = catalog.current();
            Optional<CatalogService> service = name.flatMap(snapshot::service);
            long index = service.map(CatalogService::index).orElse(snapshot.servicesIndex());
            return new Readout(
                    index,
                    () -> Answer.json(json -> {
                        List<CatalogInstance> instances = matching(request, service, kind);
                        ConsulJson.array(
                                json,
                                nearness.sorted(request, snapshot, instances, CatalogEndpoints::hostOf),
                                (to, instance) -> ConsulJson.flatService(to, instance, reads.base(), index));
                    }));
        });
    }

    /** A name that cannot be any service's matches none; an empty one is refused. */
    static Optional<ServiceName> serviceName(ApiRequest request) throws ApiRefusal {
        String text = request.parameter("service");
        if (text.isEmpty()) {
            throw ApiRefusal.badRequest("Missing service name");
        }
        try {
            return Optional.of(new ServiceName(text));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    static Topic topic(Optional<ServiceName> name) {
        return Topic.service(name.map(ServiceName::folded).orElse(""));
    }

    static NodeId hostOf(CatalogInstance instance) {
        return instance.host().id();
    }

    static List<CatalogInstance> matching(
            ApiRequest request, Optional<CatalogService> service, Predicate<CatalogInstance> kind) {
        return service.map(CatalogService::instances).orElse(List.of()).stream()
                .filter(kind)
                .filter(instance ->
                        Reads.matchesTags(request, instance.service().tags()))
                .filter(instance ->
                        Reads.matchesMeta(request, instance.host().node().meta()))
                .toList();
    }

    private Reply node(ApiRequest request, boolean asList) throws ApiRefusal {
        String text = request.parameter("node");
        if (text.isEmpty()) {
            throw ApiRefusal.badRequest("Missing node name");
        }
        Optional<NodeName> name = nodeName(text);
        return reads.blocking(request, Topic.node(name.map(NodeName::folded).orElse("")), () -> {
            CatalogSnapshot snapshot = catalog.current();
            Optional<CatalogNode> node = name.flatMap(snapshot::node);
            long index = node.map(CatalogNode::modifyIndex).orElse(snapshot.nodesIndex());
            return new Readout(
                    index,
                    () -> Answer.json(json -> {
                        if (node.isEmpty()) {
                            json.writeNull(); // what Consul answers for an unknown node, with status 200
                        } else {
                            writeNode(json, node.get(), asList);
                        }
                    }));
        });
    }

    static Optional<NodeName> nodeName(String text) {
        try {
            return Optional.of(new NodeName(text));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private void writeNode(JsonGenerator json, CatalogNode node, boolean asList) throws IOException {
        json.writeStartObject();
        json.writeFieldName("Node");
        ConsulJson.node(json, node, reads.base());
        json.writeFieldName("Services");
        if (asList) {
            json.writeStartArray();
        } else {
            json.writeStartObject();
        }
        long created = reads.base() + node.createIndex();
        long modified = reads.base() + node.modifyIndex();
        for (ServiceInstance service : node.content().services()) {
            if (!asList) {
                json.writeFieldName(service.id());
            }
            ConsulJson.nodeService(json, service, created, modified);
        }
        if (asList) {
            json.writeEndArray();
        } else {
            json.writeEndObject();
        }
        json.writeEndObject();
    }
}
