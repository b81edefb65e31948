package io.culvert.agent.http.endpoint;

import com.fasterxml.jackson.core.JsonGenerator;
import io.culvert.agent.http.json.CheckView;
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
import io.culvert.catalog.CheckStatus;
import io.culvert.catalog.NodeName;
import io.culvert.catalog.ServiceName;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** {@code /v1/health}: instances with their checks. */
final class HealthEndpoints {
    private final CatalogView catalog;
    private final Reads reads;
    private final Nearness nearness;
    private final CheckViews views;

    HealthEndpoints(CatalogView catalog, Reads reads, Nearness nearness, CheckViews views) {
        this.catalog = catalog;
        this.reads = reads;
        this.nearness = nearness;
        this.views = views;
    }

    void add(Router.Builder routes) {
        routes.get("/v1/health/service/:service", request -> service(request, instance -> true))
                .get(
                        "/v1/health/connect/:service",
                        request ->
                                service(request, instance -> instance.service().mesh()))
                .get("/v1/health/checks/:service", this::checks)
                .get("/v1/health/node/:node", this::node)
                .get("/v1/health/state/:state", this::state)
                .notYet("GET", "/v1/health/ingress/:service", "there are no gateways in this mesh");
    }

    private Reply service(ApiRequest request, Predicate<CatalogInstance> kind) throws ApiRefusal {
        Optional<ServiceName> name = CatalogEndpoints.serviceName(request);
        boolean passing = Reads.flag(request, "passing", "Invalid value for ?passing");
        boolean output = isOutputWanted(request);
        Predicate<CatalogInstance> wanted = kind.and(instance -> !passing || instance.status() == CheckStatus.PASSING);
        return reads.blocking(request, CatalogEndpoints.topic(name), () -> {
            CatalogSnapshot snapshot = catalog.current();
            Optional<CatalogService> service = name.flatMap(snapshot::service);
            long index = service.map(CatalogService::index).orElse(snapshot.servicesIndex());
            return new Readout(
                    index,
                    () -> Answer.json(json -> {
                        List<CatalogInstance> instances = sorted(request, snapshot, service, wanted);
                        CheckViews shown = output ? views.withOutputOf(instances) : views;
                        ConsulJson.array(
                                json, instances, (to, instance) -> write(to, instance, shown, reads.base() + index));
                    }));
        });
    }

    private List<CatalogInstance> sorted(
            ApiRequest request,
            CatalogSnapshot snapshot,
            Optional<CatalogService> service,
            Predicate<CatalogInstance> kind) {
        return nearness.sorted(
                request, snapshot, CatalogEndpoints.matching(request, service, kind), CatalogEndpoints::hostOf);
    }

    /** Output of other hosts' checks has to be fetched from them: only for who asks for it, and never to decide anything. */
    private static boolean isOutputWanted(ApiRequest request) throws ApiRefusal {
        return Reads.flag(request, "output", "Invalid value for ?output");
    }

    private void write(JsonGenerator json, CatalogInstance instance, CheckViews shown, long modified)
            throws IOException {
        json.writeStartObject();
        json.writeFieldName("Node");
        ConsulJson.node(json, instance.host(), reads.base());
        json.writeFieldName("Service");
        ConsulJson.nodeService(
                json, instance.service(), reads.base() + instance.host().createIndex(), modified);
        json.writeFieldName("Checks");
        writeChecks(json, shown.ofInstance(instance));
        json.writeEndObject();
    }

    private static void writeChecks(JsonGenerator json, List<CheckView> checks) throws IOException {
        ConsulJson.array(json, checks, (to, check) -> ConsulJson.check(to, check, false));
    }

    private Reply checks(ApiRequest request) throws ApiRefusal {
        Optional<ServiceName> name = CatalogEndpoints.serviceName(request);
        boolean output = isOutputWanted(request);
        return reads.blocking(request, CatalogEndpoints.topic(name), () -> {
            CatalogSnapshot snapshot = catalog.current();
            Optional<CatalogService> service = name.flatMap(snapshot::service);
            long index = service.map(CatalogService::index).orElse(snapshot.servicesIndex());
            return new Readout(
                    index,
                    () -> Answer.json(json -> {
                        List<CatalogInstance> instances = sorted(request, snapshot, service, instance -> true);
                        CheckViews shown = output ? views.withOutputOf(instances) : views;
                        writeChecks(
                                json,
                                instances.stream()
                                        .flatMap(instance -> shown.ofServiceOnly(instance).stream())
                                        .toList());
                    }));
        });
    }

    private Reply node(ApiRequest request) throws ApiRefusal {
        String text = request.parameter("node");
        if (text.isEmpty()) {
            throw ApiRefusal.badRequest("Missing node name");
        }
        Optional<NodeName> name = CatalogEndpoints.nodeName(text);
        boolean output = isOutputWanted(request);
        return reads.blocking(request, Topic.node(name.map(NodeName::folded).orElse("")), () -> {
            CatalogSnapshot snapshot = catalog.current();
            Optional<CatalogNode> node = name.flatMap(snapshot::node);
            long index = node.map(CatalogNode::modifyIndex).orElse(snapshot.nodesIndex());
            return new Readout(
                    index,
                    () -> Answer.json(json -> {
                        if (node.isPresent()) {
                            CheckViews shown = output ? views.withOutputOn(node.get()) : views;
                            writeChecks(json, shown.ofNode(node.get()));
                        } else {
                            writeChecks(json, List.of());
                        }
                    }));
        });
    }

    /** A word that is no state matches nothing. */
    private Reply state(ApiRequest request) throws ApiRefusal {
        String word = request.parameter("state");
        if (word.isEmpty()) {
            throw ApiRefusal.badRequest("Missing check state");
        }
        return reads.blocking(request, Topic.CATALOG, () -> {
            CatalogSnapshot snapshot = catalog.current();
            return new Readout(
                    snapshot.index(),
                    () -> Answer.json(json -> {
                        List<CatalogNode> nodes = nearness.sorted(
                                request, snapshot, CatalogEndpoints.sorted(snapshot.nodes()), CatalogNode::id);
                        Stream<CheckView> checks = nodes.stream()
                                .filter(node ->
                                        Reads.matchesMeta(request, node.node().meta()))
                                .flatMap(node -> views.ofNode(node).stream())
                                .filter(check -> word.equals("any")
                                        || check.state().status().word().equals(word));
                        writeChecks(json, checks.toList());
                    }));
        });
    }
}
