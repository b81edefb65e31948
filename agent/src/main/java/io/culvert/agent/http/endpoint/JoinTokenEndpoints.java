package io.culvert.agent.http.endpoint;

import io.culvert.agent.http.JoinTokens;
import io.culvert.agent.http.json.ConsulJson;
import io.culvert.agent.http.route.Answer;
import io.culvert.agent.http.route.ApiRefusal;
import io.culvert.agent.http.route.ApiRequest;
import io.culvert.agent.http.route.Reply;
import io.culvert.agent.http.route.Route;
import io.culvert.agent.http.route.Router;
import io.culvert.agent.local.json.InputRefused;
import io.culvert.agent.local.json.JsonInput;
import io.culvert.agent.local.json.JsonObject;
import java.time.Duration;
import java.util.List;

/** {@code /v1/culvert/join-token}: secrets that let hosts in, so that even listing them is not for everybody. */
final class JoinTokenEndpoints {
    private static final String PATH = "/v1/culvert/join-token";
    private static final Duration DEFAULT_LIFE = Duration.ofHours(1);
    private static final Duration LONGEST_LIFE = Duration.ofDays(365);
    private static final int MOST_USES = 100_000;

    private final JoinTokens tokens;

    JoinTokenEndpoints(JoinTokens tokens) {
        this.tokens = tokens;
    }

    void add(Router.Builder routes) {
        routes.add(new Route("GET", PATH, Route.Access.OPERATE, request -> list()))
                .post(PATH, this::create)
                .delete(PATH + "/:id", this::revoke);
    }

    private Reply list() {
        List<JoinTokens.Outstanding> outstanding = tokens.outstanding();
        return Answer.json(json -> ConsulJson.array(json, outstanding, (to, token) -> {
            to.writeStartObject();
            to.writeStringField("ID", token.id());
            to.writeStringField("Expires", token.expires().toString());
            to.writeNumberField("UsesLeft", token.usesLeft());
            to.writeEndObject();
        }));
    }

    private Reply create(ApiRequest request) throws ApiRefusal {
        Duration life = DEFAULT_LIFE;
        int uses = 1;
        try {
            if (request.body().length > 0) {
                JsonObject body = JsonInput.object(request.body());
                life = body.has("TTL") ? body.duration("TTL") : DEFAULT_LIFE;
                uses = body.number("Uses", 1, 1, MOST_USES);
                body.ignore("TTL");
                body.finish();
            }
        } catch (InputRefused e) {
            throw ApiRefusal.badRequest(e.reason());
        }
        if (life.isZero() || life.compareTo(LONGEST_LIFE) > 0) {
            throw ApiRefusal.badRequest("Invalid TTL (expected: above 0, at most 8760h); no token was made");
        }
        JoinTokens.Outcome outcome = tokens.create(life, uses);
        if (outcome instanceof JoinTokens.Refused refused) {
            throw ApiRefusal.badRequest(refused.message());
        }
        JoinTokens.Created created = (JoinTokens.Created) outcome;
        return Answer.json(json -> {
            json.writeStartObject();
            json.writeStringField("ID", created.id());
            json.writeStringField("Token", created.token());
            json.writeStringField("Expires", created.expires().toString());
            json.writeEndObject();
        });
    }

    private Reply revoke(ApiRequest request) throws ApiRefusal {
        String id = request.parameter("id");
        if (!tokens.revoke(id)) {
            throw new ApiRefusal(404, "there is no join token '" + id + "' (culvert join-token --list shows them)");
        }
        return Answer.empty(200);
    }
}
