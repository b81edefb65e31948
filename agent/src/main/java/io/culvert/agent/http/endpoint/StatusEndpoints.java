package io.culvert.agent.http.endpoint;

import io.culvert.agent.http.Membership;
import io.culvert.agent.http.route.Answer;
import io.culvert.agent.http.route.ApiRefusal;
import io.culvert.agent.http.route.ApiRequest;
import io.culvert.agent.http.route.Reply;
import io.culvert.agent.http.route.Router;
import java.util.List;

/** {@code /v1/status}: who decides. */
final class StatusEndpoints {
    private final Membership membership;
    private final Reads reads;

    StatusEndpoints(Membership membership, Reads reads) {
        this.membership = membership;
        this.reads = reads;
    }

    void add(Router.Builder routes) {
        routes.get("/v1/status/leader", this::leader).get("/v1/status/peers", this::peers);
    }

    private Reply leader(ApiRequest request) throws ApiRefusal {
        reads.checkDatacenter(request);
        String leader = membership.leader().orElse("");
        return Answer.json(json -> json.writeString(leader));
    }

    private Reply peers(ApiRequest request) throws ApiRefusal {
        reads.checkDatacenter(request);
        List<String> servers = membership.servers();
        return Answer.json(json -> {
            json.writeStartArray();
            for (String server : servers) {
                json.writeString(server);
            }
            json.writeEndArray();
        });
    }
}
