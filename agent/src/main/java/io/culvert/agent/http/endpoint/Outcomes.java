package io.culvert.agent.http.endpoint;

import io.culvert.agent.http.route.Answer;
import io.culvert.agent.http.route.ApiRefusal;
import io.culvert.agent.local.LocalOutcome;

/** Answers for changes of the local state: empty when done, as Consul. */
final class Outcomes {
    private Outcomes() {}

    /** @param unknown status for what this host does not have; Consul differs from call to call */
    static Answer answer(LocalOutcome outcome, int unknown) throws ApiRefusal {
        if (outcome instanceof LocalOutcome.Invalid) {
            throw ApiRefusal.badRequest(outcome.message());
        }
        if (outcome instanceof LocalOutcome.NotStored) {
            throw new ApiRefusal(500, outcome.message());
        }
        if (outcome instanceof LocalOutcome.Unknown && unknown != 200) {
            throw new ApiRefusal(unknown, outcome.message());
        }
        return Answer.empty(200);
    }
}
