package io.culvert.agent.http.endpoint;

import io.culvert.agent.http.Lifecycle;
import io.culvert.agent.http.Membership;
import io.culvert.agent.http.StatusReport;
import io.culvert.agent.http.json.ConsulJson;
import io.culvert.agent.http.json.MemberJson;
import io.culvert.agent.http.route.Answer;
import io.culvert.agent.http.route.ApiRefusal;
import io.culvert.agent.http.route.ApiRequest;
import io.culvert.agent.http.route.Reply;
import io.culvert.agent.http.route.Router;
import io.culvert.agent.local.LocalOutcome;
import io.culvert.agent.local.LocalState;
import io.culvert.catalog.NodeRecord;
import io.culvert.gossip.MemberView;
import io.culvert.gossip.wire.Coordinate;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** {@code /v1/agent}: this agent itself, its pool and its life. */
final class AgentEndpoints {
    private final LocalState local;
    private final Membership membership;
    private final Lifecycle lifecycle;
    private final StatusReport report;

    AgentEndpoints(LocalState local, Membership membership, Lifecycle lifecycle, StatusReport report) {
        this.local = local;
        this.membership = membership;
        this.lifecycle = lifecycle;
        this.report = report;
    }

    void add(Router.Builder routes) {
        routes.get("/v1/agent/self", this::self)
                .get("/v1/agent/members", this::members)
                .put("/v1/agent/join/:address", this::join)
                .put("/v1/agent/leave", request -> leave())
                .put("/v1/agent/force-leave/:node", this::forceLeave)
                .put("/v1/agent/reload", request -> reload())
                .put("/v1/agent/maintenance", this::maintenance)
                .notYet("GET", "/v1/agent/monitor", "the log is not streamed yet: read the agent's log")
                .notYet("GET", "/v1/agent/host", "facts of the machine are not offered: ask the machine")
                .notYet("PUT", "/v1/agent/token/:kind", "there are no ACL tokens yet");
    }

    private Reply self(ApiRequest request) {
        NodeRecord node = local.view().content().node();
        StatusReport.AgentStatus status = report.status();
        List<MemberView> members = membership.members();
        return Answer.json(json -> {
            json.writeStartObject();
            json.writeObjectFieldStart("Config");
            json.writeStringField("Datacenter", node.datacenter());
            json.writeStringField("PrimaryDatacenter", node.datacenter());
            json.writeStringField("NodeName", node.name().text());
            json.writeStringField("NodeID", node.id().toUuid());
            json.writeStringField("Revision", "");
            json.writeBooleanField("Server", node.server());
            json.writeStringField("Version", node.version());
            json.writeEndObject();
            ConsulJson.pairs(json, "DebugConfig", status.settings());
            json.writeFieldName("Coord");
            MemberJson.coordinate(json, membership.coordinates().getOrDefault(node.id(), Coordinate.ORIGIN));
            json.writeFieldName("Member");
            Optional<MemberView> self =
                    members.stream().filter(MemberView::self).findFirst();
            if (self.isPresent()) {
                MemberJson.member(json, self.get(), node.datacenter());
            } else {
                json.writeNull();
            }
            json.writeObjectFieldStart("Stats");
            ConsulJson.pairs(json, "agent", agentStats());
            ConsulJson.pairs(json, "build", Map.of("version", node.version(), "prerelease", "", "revision", ""));
            ConsulJson.pairs(json, "runtime", runtimeStats());
            json.writeEndObject();
            Map<String, String> meta = new TreeMap<>(node.meta());
            meta.putIfAbsent("consul-network-segment", "");
            ConsulJson.pairs(json, "Meta", meta);
            json.writeEndObject();
        });
    }

    private Map<String, String> agentStats() {
        return Map.of(
                "services", Integer.toString(local.view().services().size()),
                "checks", Integer.toString(local.view().checks().size()));
    }

    private static Map<String, String> runtimeStats() {
        Runtime runtime = Runtime.getRuntime();
        return Map.of(
                "arch", System.getProperty("os.arch", ""),
                "os", System.getProperty("os.name", ""),
                "cpu_count", Integer.toString(runtime.availableProcessors()),
                "version", System.getProperty("java.version", ""));
    }

    /** One pool is all there is: {@code wan} shows the servers of it. */
    private Reply members(ApiRequest request) {
        boolean wan = !request.query("wan").orElse("").isEmpty();
        String datacenter = local.view().content().node().datacenter();
        List<MemberView> members = membership.members().stream()
                .filter(member -> !wan || member.server())
                .toList();
        return Answer.json(
                json -> ConsulJson.array(json, members, (to, member) -> MemberJson.member(to, member, datacenter)));
    }

    private Reply join(ApiRequest request) throws ApiRefusal {
        String address = request.parameter("address");
        if (address.isEmpty()) {
            throw ApiRefusal.badRequest("Missing address to join");
        }
        return doneOr500(membership.join(address));
    }

    private Reply forceLeave(ApiRequest request) throws ApiRefusal {
        String node = request.parameter("node");
        Membership.ForceLeave outcome = CatalogEndpoints.nodeName(node).isPresent()
                ? membership.forceLeave(node, Reads.flag(request, "prune", "Invalid value for ?prune"))
                : Membership.ForceLeave.UNKNOWN;
        return switch (outcome) {
            case DONE, LEFT_BEFORE -> Answer.empty(200);
            case UNKNOWN -> throw new ApiRefusal(500, "agent: No node found with name '" + node + "'");
            case PRESENT ->
                throw new ApiRefusal(
                        409,
                        "'" + node + "' takes part in the pool: only a failed member can be given up, and nothing was"
                                + " changed (to make it leave, run 'culvert leave' there, or stop its agent)");
            case UNANSWERED ->
                throw new ApiRefusal(
                        500,
                        "the pool did not give '" + node + "' up in time: look at it with 'culvert members'"
                                + " and try again");
        };
    }

    /** The answer is on its way before the agent ends. */
    private Reply leave() throws ApiRefusal {
        Optional<String> problem = lifecycle.leave();
        if (problem.isPresent()) {
            throw new ApiRefusal(500, problem.get());
        }
        return Answer.empty(200).then(lifecycle::exit);
    }

    private Reply reload() throws ApiRefusal {
        return doneOr500(lifecycle.reload());
    }

    private static Reply doneOr500(Optional<String> problem) throws ApiRefusal {
        if (problem.isPresent()) {
            throw new ApiRefusal(500, problem.get());
        }
        return Answer.empty(200);
    }

    private Reply maintenance(ApiRequest request) throws ApiRefusal {
        LocalOutcome outcome = local.nodeMaintenance(maintenanceReason(request));
        return Outcomes.answer(outcome, 500);
    }

    /** Empty: maintenance ends. */
    static Optional<String> maintenanceReason(ApiRequest request) throws ApiRefusal {
        if (request.query("enable").orElse("").isEmpty()) {
            throw ApiRefusal.badRequest("Missing value for enable");
        }
        String refusal =
                "Invalid value for enable: \"" + request.query("enable").orElse("") + "\"";
        boolean enable = Reads.flag(request, "enable", refusal);
        return enable ? Optional.of(request.query("reason").orElse("")) : Optional.empty();
    }
}
