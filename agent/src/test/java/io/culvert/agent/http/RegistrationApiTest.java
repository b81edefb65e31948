package io.culvert.agent.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RegistrationApiTest {
    @TempDir
    Path directory;

    private RunningApi api;

    @BeforeEach
    void start() throws Exception {
        api = new RunningApi(directory);
    }

    @AfterEach
    void stop() {
        api.close();
    }

    @Test
    void agent_writes_answer_nothing_without_a_type() {
        HttpResponse<String> answer = api.put("/v1/agent/service/register", "{\"Name\":\"web\",\"Port\":80}");

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.body()).isEmpty();
        assertThat(answer.headers().firstValue("Content-Type")).isEmpty();
        assertThat(api.json("/v1/catalog/service/web")).hasSize(1);
    }

    @Test
    void what_is_deregistered_is_gone_and_what_is_unknown_is_fine() {
        api.put("/v1/agent/service/register", "{\"Name\":\"web\",\"ID\":\"a/b c\",\"Port\":80}");

        assertThat(api.put("/v1/agent/service/deregister/a%2Fb%20c", "").statusCode())
                .isEqualTo(200);
        assertThat(api.get("/v1/agent/services").body()).isEqualTo("{}");
        assertThat(api.put("/v1/agent/service/deregister/nope", "").statusCode())
                .isEqualTo(200);
        assertThat(api.put("/v1/agent/check/deregister/nope", "").statusCode()).isEqualTo(200);
    }

    @Test
    void a_reregistration_keeps_checks_unless_told_to_replace_them() {
        api.put("/v1/agent/service/register", "{\"Name\":\"web\",\"Check\":{\"CheckID\":\"a\",\"TTL\":\"1m\"}}");
        api.put("/v1/agent/service/register", "{\"Name\":\"web\",\"Check\":{\"CheckID\":\"b\",\"TTL\":\"1m\"}}");
        assertThat(api.json("/v1/agent/checks")).hasSize(2);

        api.put(
                "/v1/agent/service/register?replace-existing-checks=1",
                "{\"Name\":\"web\",\"Check\":{\"CheckID\":\"b\",\"TTL\":\"1m\"}}");
        assertThat(api.json("/v1/agent/checks")).hasSize(1);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        PUT | agent/service/register              | {"Name":"a","Foo":1}              | 400 | Request decode failed: json: unknown field "Foo"
        PUT | agent/service/register              | {"Port":1}                        | 400 | Missing service name
        PUT | agent/service/register              | nonsense                          | 400 | Request decode failed: json:
        PUT | agent/service/register              | {"Name":"a","Check":{"Args":["x"],"Interval":"1s"}} | 400 | Scripts are disabled on this agent from remote calls
        PUT | agent/service/register?ns=x         | {"Name":"a"}                      | 400 | Invalid query parameter: "ns"
        PUT | agent/check/register                | {"TTL":"1s"}                      | 400 | Missing check name
        PUT | agent/check/register                | {"Name":"a","TTL":"1s","Status":"x"} | 400 | Status for checks must 'passing', 'warning', 'critical'
        PUT | agent/check/register                | {"Name":"a","TTL":"1s","ServiceID":"x"} | 500 | ServiceID "x" does not exist
        PUT | agent/check/pass/nope               | {}                                | 500 | CheckID "nope" does not have associated TTL
        PUT | agent/check/update/nope             | {"Status":"ok"}                   | 400 | Invalid check status: 'ok'
        PUT | agent/maintenance                   | {}                                | 400 | Missing value for enable
        PUT | agent/maintenance?enable=perhaps    | {}                                | 400 | Invalid value for enable
        PUT | agent/service/maintenance/x?enable=true | {}                            | 404 | No service registered with ID "x"
        PUT | agent/service/maintenance/x         | {}                                | 400 | Missing value for enable
        PUT | agent/service/deregister/           | {}                                | 400 | Missing service ID
        PUT | agent/force-leave/nope              | {}                                | 500 | agent: No node found with name 'nope'
        PUT | agent/force-leave/a%20b             | {}                                | 500 | agent: No node found with name 'a b'
        PUT | agent/join/nowhere                  | {}                                | 500 | no member answers at nowhere
        GET | agent/check/pass/x                  | {}                                | 405 | method GET not allowed
        GET | agent/service/register              | {}                                | 405 | method GET not allowed
        GET | agent/token/x                       | {}                                | 405 | method GET not allowed
        GET | kv/a/b                              | {}                                | 501 | not offered yet
        PUT | session/create                      | {}                                | 501 | not offered yet
        GET | acl/tokens                          | {}                                | 501 | ACL support disabled
        PUT | connect/intentions/exact?source=a   | {"Action":"allow"}                | 500 | required query parameter 'destination' not set
        PUT | connect/intentions/exact?source=a&destination=b | {"Action":"maybe"}    | 500 | Action must be set to 'allow' or 'deny'
        PUT | connect/intentions/exact?source=a*&destination=b | {"Action":"allow"}   | 400 | expected: a service's name
        GET | connect/intentions/match?by=x&name=a | {}                               | 500 | required query parameter 'by'
        GET | connect/intentions/match?by=source  | {}                                | 500 | required query parameter 'name' not set
        GET | connect/intentions/exact?source=a&destination=b | {}                    | 404 | Intention not found
        GET | connect/intentions/zzz              | {}                                | 400 | must be a UUID
        POST | agent/connect/authorize            | {"ClientCertURI":"spiffe://x/y"}  | 400 | Target service must be specified
        POST | agent/connect/authorize            | {"Target":"a","ClientCertURI":"http://x"} | 400 | not a valid Connect identifier
        POST | culvert/join-token                 | {"Uses":0}                        | 400 | Invalid Uses
        DELETE | culvert/join-token/t9            | {}                                | 404 | there is no join token 't9'
        """)
    void what_is_wrong_is_answered_with_the_reason(String method, String path, String body, int status, String reason) {
        HttpResponse<String> answer = api.send(method, "/v1/" + path, body);

        assertThat(answer.statusCode()).isEqualTo(status);
        assertThat(answer.body()).contains(reason);
        assertThat(answer.headers().firstValue("Content-Type")).contains("text/plain; charset=utf-8");
    }

    @Test
    void a_wrong_method_names_those_that_are_allowed() {
        HttpResponse<String> answer = api.get("/v1/agent/service/register");

        assertThat(answer.headers().firstValue("Allow")).contains("OPTIONS,PUT");
        HttpResponse<String> options = api.send("OPTIONS", "/v1/agent/services", "");
        assertThat(options.statusCode()).isEqualTo(200);
        assertThat(options.headers().firstValue("Allow")).contains("OPTIONS,GET,HEAD");
    }

    @Test
    void an_unknown_path_is_404_without_a_body() {
        HttpResponse<String> answer = api.get("/v1/nonsense");

        assertThat(answer.statusCode()).isEqualTo(404);
        assertThat(answer.body()).isEmpty();
    }

    @Test
    void pool_and_life() {
        assertThat(api.put("/v1/agent/join/10.0.0.9:8301", "").statusCode()).isEqualTo(200);
        assertThat(api.doors.joined).containsExactly("10.0.0.9:8301");
        assertThat(api.put("/v1/agent/force-leave/n2", "").statusCode()).isEqualTo(200);
        assertThat(api.put("/v1/agent/reload", "").statusCode()).isEqualTo(200);
        api.doors.reloadProblem = java.util.Optional.of("web.hcl:3:1: unknown key");
        assertThat(api.put("/v1/agent/reload", "").statusCode()).isEqualTo(500);
        assertThat(api.put("/v1/agent/reload", "").body()).isEqualTo("web.hcl:3:1: unknown key");
    }

    @Test
    void leaving_is_answered_before_the_agent_ends() {
        assertThat(api.put("/v1/agent/leave", "").statusCode()).isEqualTo(200);

        org.awaitility.Awaitility.await().until(() -> api.doors.exits.get() == 1);
    }

    @Test
    void node_maintenance_shows_in_health() {
        api.put("/v1/agent/service/register", "{\"Name\":\"web\",\"Port\":80}");
        assertThat(api.put("/v1/agent/maintenance?enable=true&reason=new%20disk", "")
                        .statusCode())
                .isEqualTo(200);

        assertThat(api.json("/v1/health/service/web?passing")).isEmpty();
        assertThat(api.json("/v1/agent/checks").at("/_node_maintenance/Notes").asText())
                .isEqualTo("new disk");

        api.put("/v1/agent/maintenance?enable=false", "");
        assertThat(api.json("/v1/health/service/web?passing")).hasSize(1);
    }
}
