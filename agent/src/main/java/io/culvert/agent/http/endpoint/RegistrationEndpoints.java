package io.culvert.agent.http.endpoint;

import io.culvert.agent.http.route.Answer;
import io.culvert.agent.http.route.ApiRefusal;
import io.culvert.agent.http.route.ApiRequest;
import io.culvert.agent.http.route.Handler;
import io.culvert.agent.http.route.Reply;
import io.culvert.agent.http.route.Router;
import io.culvert.agent.local.CheckRunner;
import io.culvert.agent.local.LocalState;
import io.culvert.agent.local.ServiceRegistration;
import io.culvert.agent.local.json.InputRefused;
import io.culvert.agent.local.json.JsonInput;
import io.culvert.agent.local.json.JsonObject;
import io.culvert.agent.local.json.RegistrationReader;
import io.culvert.catalog.CheckStatus;
import io.culvert.health.CheckDefinition;
import io.culvert.health.TtlUpdate;
import java.util.Optional;

/** Changes of this host's own services and checks: in force, and on disk, before they are answered. */
final class RegistrationEndpoints {
    private final LocalState local;
    private final RegistrationReader reader;
    private final CheckRunner checks;

    RegistrationEndpoints(LocalState local, RegistrationReader reader, CheckRunner checks) {
        this.local = local;
        this.reader = reader;
        this.checks = checks;
    }

    void add(Router.Builder routes) {
        routes.put("/v1/agent/service/register", this::registerService)
                .put("/v1/agent/service/deregister/:id", this::deregisterService)
                .put("/v1/agent/service/maintenance/:id", this::maintenance)
                .put("/v1/agent/check/register", this::registerCheck)
                .put("/v1/agent/check/deregister/:id", this::deregisterCheck)
                .put("/v1/agent/check/pass/:id", report(CheckStatus.PASSING))
                .put("/v1/agent/check/warn/:id", report(CheckStatus.WARNING))
                .put("/v1/agent/check/fail/:id", report(CheckStatus.CRITICAL))
                .put("/v1/agent/check/update/:id", this::update);
    }

    private Reply registerService(ApiRequest request) throws ApiRefusal {
        Reads.checkNamespace(request);
        boolean replace = Reads.flag(request, "replace-existing-checks", "Invalid value for replace-existing-checks");
        ServiceRegistration service;
        try {
            service = reader.service(request.body());
        } catch (InputRefused e) {
            throw ApiRefusal.badRequest(e.reason());
        }
        return Outcomes.answer(local.register(service, replace), 400);
    }

    /** Consul answers 200 for what is not there as well. */
    private Reply deregisterService(ApiRequest request) throws ApiRefusal {
        return Outcomes.answer(local.deregister(id(request, "Missing service ID")), 200);
    }

    private Reply maintenance(ApiRequest request) throws ApiRefusal {
        String id = id(request, "Missing service ID");
        Optional<String> reason = AgentEndpoints.maintenanceReason(request);
        return Outcomes.answer(local.serviceMaintenance(id, reason), 404);
    }

    private Reply registerCheck(ApiRequest request) throws ApiRefusal {
        Reads.checkNamespace(request);
        CheckDefinition check;
        try {
            check = reader.check(request.body());
        } catch (InputRefused e) {
            throw ApiRefusal.badRequest(e.reason());
        }
        return Outcomes.answer(local.registerCheck(check), 500);
    }

    private Reply deregisterCheck(ApiRequest request) throws ApiRefusal {
        return Outcomes.answer(local.deregisterCheck(id(request, "Missing check ID")), 200);
    }

    private Handler report(CheckStatus status) {
        return request -> report(request, status, request.query("note").orElse(""));
    }

    private Reply update(ApiRequest request) throws ApiRefusal {
        String word;
        String output;
        try {
            JsonObject body = JsonInput.object(request.body());
            word = body.text("Status");
            output = body.text("Output");
            body.finish();
        } catch (InputRefused e) {
            throw ApiRefusal.badRequest(e.reason());
        }
        Optional<CheckStatus> status = CheckStatus.ofWord(word);
        if (status.isEmpty()) {
            throw ApiRefusal.badRequest("Invalid check status: '" + word + "'");
        }
        return report(request, status.get(), output);
    }

    private Reply report(ApiRequest request, CheckStatus status, String note) throws ApiRefusal {
        String id = id(request, "Missing check ID");
        TtlUpdate outcome = checks.update(id, status, note);
        if (!(outcome instanceof TtlUpdate.Done)) {
            throw new ApiRefusal(500, "CheckID \"" + id + "\" does not have associated TTL");
        }
        local.checksChanged(); // so that who has reported reads what it reported
        return Answer.empty(200);
    }

    private static String id(ApiRequest request, String missing) throws ApiRefusal {
        String id = request.parameter("id");
        if (id.isEmpty()) {
            throw ApiRefusal.badRequest(missing);
        }
        return id;
    }
}
