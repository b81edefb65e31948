package io.culvert.agent.http.route;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.culvert.testbed.kit.Property;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RouterTest {
    private static final Caller CALLER = new Caller() {
        @Override
        public boolean isUnixSocket() {
            return true;
        }

        @Override
        public OptionalInt uid() {
            return OptionalInt.empty();
        }
    };

    private final Router router = Router.builder()
            .get("/v1/agent/service/:id", request -> Answer.empty(200))
            .put("/v1/agent/service/register", request -> Answer.empty(200))
            .get("/v1/query/:id", request -> Answer.empty(200))
            .get("/v1/query/:id/execute", request -> Answer.empty(200))
            .get("/v1/kv/:key", request -> Answer.empty(200))
            .delete("/v1/kv/:key", request -> Answer.empty(200))
            .get("/", request -> Answer.empty(200))
            .build();

    @ParameterizedTest
    @CsvSource({
        "GET, /v1/agent/service/web, /v1/agent/service/:id, web",
        "GET, /v1/agent/service/a/b, /v1/agent/service/:id, a/b",
        "GET, /v1/agent/service/register/x, /v1/agent/service/:id, register/x",
        "PUT, /v1/agent/service/register, /v1/agent/service/register, ''",
        "GET, /v1/query/q, /v1/query/:id, q",
        "GET, /v1/query/q/execute, /v1/query/:id/execute, q",
        "GET, /v1/kv/a//b/, /v1/kv/:key, a//b/",
        "GET, /v1/kv/, /v1/kv/:key, ''",
        "HEAD, /v1/kv/a, /v1/kv/:key, a",
        "GET, /, /, ''"
    })
    void literals_win_and_a_last_parameter_takes_the_rest(String method, String path, String pattern, String value) {
        Router.Match match = router.find(request(method, path));

        assertThat(match).isInstanceOf(Router.Found.class);
        Router.Found found = (Router.Found) match;
        assertThat(found.route().pattern()).isEqualTo(pattern);
        assertThat(String.join("", found.request().parameters().values())).isEqualTo(value);
    }

    @ParameterizedTest
    @CsvSource({"/v1", "/v1/agent", "/v1/kv", "/v1/query", "/v2/kv/a", "/v1/agent/service"})
    void what_no_route_takes_is_unknown(String path) {
        assertThat(router.find(request("GET", path))).isInstanceOf(Router.Unknown.class);
    }

    @Test
    void another_method_is_told_which_there_are() {
        assertThat(router.find(request("POST", "/v1/kv/a")))
                .isEqualTo(new Router.OtherMethods(List.of("OPTIONS", "DELETE", "GET", "HEAD")));
        assertThat(router.find(request("GET", "/v1/agent/service/register")))
                .isEqualTo(new Router.OtherMethods(List.of("OPTIONS", "PUT")));
    }

    @Test
    void a_route_that_is_taken_twice_is_a_mistake() {
        assertThatThrownBy(() -> Router.builder()
                        .get("/a/:x", request -> Answer.empty(200))
                        .get("/a/:x", request -> Answer.empty(200)))
                .hasMessageContaining("route taken");
    }

    @Test
    void any_target_is_read_or_refused() {
        Property.forSeeds(2_000, random -> {
            StringBuilder target = new StringBuilder(random.nextBoolean() ? "/" : "");
            for (int i = random.nextInt(40); i > 0; i--) {
                target.append("%%/?&=+a1\u00ff ".charAt(random.nextInt(11)));
            }
            try {
                Target read = Target.parse(target.toString());
                assertThat(read.path()).startsWith("/");
                assertThat(router.find(request("GET", read.path()))).isNotNull();
            } catch (ApiRefusal refusal) {
                assertThat(refusal.status()).isIn(400, 500);
            }
        });
    }

    @Test
    void targets_are_decoded() throws ApiRefusal {
        Target target = Target.parse("/v1/kv/a%2Fb%20c+d?x=1&x=2+3&flag&y=%C3%A4&=z&&");

        assertThat(target.path()).isEqualTo("/v1/kv/a/b c+d");
        assertThat(target.query())
                .isEqualTo(Map.of("x", List.of("1", "2 3"), "flag", List.of(""), "y", List.of("ä"), "", List.of("z")));
        assertThat(Target.parse("http://localhost:8500/v1/x?a=b").path()).isEqualTo("/v1/x");
    }

    private static ApiRequest request(String method, String path) {
        return new ApiRequest(method, path, Map.of(), Map.of(), new byte[0], CALLER, Map.of());
    }
}
