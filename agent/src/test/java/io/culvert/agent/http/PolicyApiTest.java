package io.culvert.agent.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.culvert.identity.Intention;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PolicyApiTest {
    private static final String EXACT = "/v1/connect/intentions/exact?source=";

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
    void an_intention_is_written_read_matched_checked_and_deleted() {
        HttpResponse<String> put = api.put(EXACT + "web&destination=default/db", "{\"Action\":\"allow\"}");
        assertThat(put.body()).isEqualTo("true");
        api.put(EXACT + "*&destination=db", "{\"Action\":\"deny\",\"Description\":\"no\",\"Meta\":{\"a\":\"b\"}}");

        JsonNode exact = api.json(EXACT + "web&destination=db");
        assertThat(exact.get("SourceName").asText()).isEqualTo("web");
        assertThat(exact.get("Precedence").asInt()).isEqualTo(9);
        assertThat(exact.get("Action").asText()).isEqualTo("allow");
        JsonNode match = api.json("/v1/connect/intentions/match?by=destination&name=db");
        assertThat(match.at("/db").findValuesAsText("SourceName")).containsExactly("web", "*");
        assertThat(api.json("/v1/connect/intentions/check?source=web&destination=db")
                        .get("Allowed")
                        .asBoolean())
                .isTrue();
        JsonNode denied = api.json("/v1/connect/intentions/check?source=other&destination=db");
        assertThat(denied.get("Allowed").asBoolean()).isFalse();
        assertThat(denied.get("Reason").asText())
                .isEqualTo("Matched L4 intention: default/* => default/db (Precedence: 8, Action: DENY)");

        assertThat(api.send("DELETE", EXACT + "web&destination=db", "").body()).isEqualTo("true");
        assertThat(api.send("DELETE", EXACT + "web&destination=db", "").body()).isEqualTo("true");
        assertThat(api.get(EXACT + "web&destination=db").statusCode()).isEqualTo(404);
        assertThat(api.json("/v1/connect/intentions")).hasSize(1);
    }

    @Test
    void a_host_may_be_a_source() {
        api.put(EXACT + "host/n1&destination=db", "{\"Action\":\"allow\"}");

        assertThat(api.json("/v1/connect/intentions/check?source=host/n1&destination=db")
                        .get("Allowed")
                        .asBoolean())
                .isTrue();
    }

    @Test
    void the_old_form_gives_an_id_that_reads_and_deletes() {
        String body = "{\"SourceName\":\"web\",\"DestinationName\":\"db\",\"Action\":\"allow\"}";
        String id = RunningApi.parse(
                        api.send("POST", "/v1/connect/intentions", body).body())
                .get("ID")
                .asText();

        assertThat(api.json("/v1/connect/intentions/" + id).get("SourceName").asText())
                .isEqualTo("web");
        assertThat(api.send("POST", "/v1/connect/intentions", body).statusCode())
                .isEqualTo(500);
        assertThat(api.send("DELETE", "/v1/connect/intentions/" + id, "").body())
                .isEqualTo("true");
        assertThat(api.get("/v1/connect/intentions/" + id).statusCode()).isEqualTo(404);
    }

    @Test
    void authorize_answers_for_a_certificate() {
        api.put(EXACT + "web&destination=db", "{\"Action\":\"allow\"}");
        String uri = "spiffe://0d3ddd67-ccb6-bae0-89bc-fe350f7f66a1.consul/ns/default/dc/dc1/svc/";

        JsonNode allowed =
                authorize("{\"Target\":\"db\",\"ClientCertURI\":\"" + uri + "web\",\"ClientCertSerial\":\"07\"}");
        JsonNode denied = authorize("{\"Target\":\"db\",\"ClientCertURI\":\"" + uri + "other\"}");

        assertThat(allowed.get("Authorized").asBoolean()).isTrue();
        assertThat(denied.get("Authorized").asBoolean()).isFalse();
    }

    private JsonNode authorize(String body) {
        return RunningApi.parse(
                api.send("POST", "/v1/agent/connect/authorize", body).body());
    }

    @Test
    void what_a_server_refuses_or_nobody_answers_is_said() {
        api.doors.declare(new Intention("a", "b", Intention.Action.ALLOW, "", Map.of(), "mesh.hcl:3"));
        assertThat(api.put(EXACT + "a&destination=b", "{\"Action\":\"deny\"}").body())
                .contains("mesh.hcl:3");

        api.doors.leader = Optional.empty();
        HttpResponse<String> answer = api.put(EXACT + "x&destination=y", "{\"Action\":\"deny\"}");
        assertThat(answer.statusCode()).isEqualTo(500);
        assertThat(answer.body()).startsWith("No cluster leader");
    }

    @Test
    void roots_before_joining_are_an_error_with_consuls_words() {
        assertThat(api.get("/v1/connect/ca/roots").statusCode()).isEqualTo(500);
        assertThat(api.get("/v1/connect/ca/roots").body()).startsWith("No cluster leader");
    }

    @Test
    void join_tokens_are_made_listed_without_the_secret_and_revoked() {
        JsonNode made = RunningApi.parse(api.send("POST", "/v1/culvert/join-token", "{\"TTL\":\"2h\",\"Uses\":3}")
                .body());
        assertThat(made.get("Token").asText()).isEqualTo("culvert-secret-t1");
        String list = api.get("/v1/culvert/join-token").body();
        assertThat(list).contains("\"ID\":\"t1\"").contains("\"UsesLeft\":3").doesNotContain("secret");
        assertThat(api.send("DELETE", "/v1/culvert/join-token/t1", "").statusCode())
                .isEqualTo(200);
        assertThat(api.json("/v1/culvert/join-token")).isEmpty();
        assertThat(api.send("POST", "/v1/culvert/join-token", "").statusCode()).isEqualTo(200);

        api.doors.leader = Optional.empty();
        assertThat(api.send("POST", "/v1/culvert/join-token", "").body()).contains("only a server makes join tokens");
    }

    @Test
    void own_answers_say_what_consul_has_no_words_for() {
        api.put("/v1/agent/service/register", "{\"Name\":\"web\",\"Port\":80,\"Connect\":{\"SidecarService\":{}}}");
        JsonNode status = api.json("/v1/culvert/status");
        assertThat(status.at("/Node").asText()).isEqualTo("n1");
        assertThat(status.at("/Role").asText()).isEqualTo("server");
        assertThat(status.at("/Listeners/0/Remedy").asText()).isEqualTo("stop nginx");
        assertThat(status.at("/Problems/0/Place").asText()).isEqualTo("web.hcl:3:1");
        assertThat(status.at("/Certificates/0/Identity").asText()).isEqualTo("spiffe://x/a");
        assertThat(status.at("/Members/failed").asInt()).isEqualTo(1);
        assertThat(status.at("/Counts/pooled_connections").asInt()).isEqualTo(3);
        assertThat(status.at("/Loopback/0/Service").asText()).isEqualTo("web");

        JsonNode members = api.json("/v1/culvert/members");
        assertThat(members.at("/1/State").asText()).isEqualTo("failed");
        assertThat(members.at("/1/RTT").asText()).isEqualTo("1.23ms");
        assertThat(members.at("/1/Since").asText()).isEqualTo("1m30s");
        JsonNode service = api.json("/v1/culvert/services").get(0);
        assertThat(service.get("Address").asText()).startsWith("127.");
        assertThat(service.get("Mesh").asBoolean()).isTrue();
    }

    @Test
    void ready_lists_what_is_open() {
        assertThat(api.get("/ready").statusCode()).isEqualTo(200);
        api.doors.notReady.add("first certificate");
        assertThat(api.get("/ready").statusCode()).isEqualTo(503);
        assertThat(api.get("/ready").body()).isEqualTo("first certificate\n");
    }
}
