package io.culvert.agent.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.culvert.catalog.CheckStatus;
import io.culvert.catalog.Liveness;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Shapes and field names of Consul's answers, from a web service with a TTL check as in its reference examples. */
class ConsulReadsTest {
    private static final String WEB = """
        {"Name":"web","ID":"web-1","Port":8080,"Tags":["v1","primary"],"Meta":{"version":"3"},
         "Check":{"CheckID":"web-http","Name":"web ttl","TTL":"30s"}}\
        """;

    @TempDir
    Path directory;

    private RunningApi api;

    @BeforeEach
    void start() throws Exception {
        api = new RunningApi(directory);
        assertThat(api.put("/v1/agent/service/register", WEB).statusCode()).isEqualTo(200);
        assertThat(api.put("/v1/agent/check/pass/web-http?note=fine", "").statusCode())
                .isEqualTo(200);
    }

    @AfterEach
    void stop() {
        api.close();
    }

    @Test
    void agent_self_has_what_discovery_clients_read() {
        JsonNode self = api.json("/v1/agent/self");

        assertThat(names(self)).containsExactly("Config", "DebugConfig", "Coord", "Member", "Stats", "Meta");
        assertThat(names(self.get("Config")))
                .containsExactly(
                        "Datacenter", "PrimaryDatacenter", "NodeName", "NodeID", "Revision", "Server", "Version");
        assertThat(self.at("/Config/Datacenter").asText()).isEqualTo("dc1");
        assertThat(self.at("/Coord/Vec")).hasSize(8);
        assertThat(self.at("/Member/Name").asText()).isEqualTo("n1");
    }

    @Test
    void agent_members_have_serfs_numbers() {
        JsonNode members = api.json("/v1/agent/members");

        assertThat(names(members.get(0)))
                .containsExactly(
                        "Name",
                        "Addr",
                        "Port",
                        "Tags",
                        "Status",
                        "ProtocolMin",
                        "ProtocolMax",
                        "ProtocolCur",
                        "DelegateMin",
                        "DelegateMax",
                        "DelegateCur");
        assertThat(members.at("/0/Status").asInt()).isEqualTo(1);
        assertThat(members.at("/0/Tags/role").asText()).isEqualTo("consul");
        assertThat(members.at("/1/Status").asInt()).isEqualTo(4);
        assertThat(members.at("/1/Tags/role").asText()).isEqualTo("node");
    }

    @Test
    void agent_services_is_consuls_to_the_letter() {
        assertThat(api.get("/v1/agent/services").body()).isEqualTo("""
            {"web-1":{"ID":"web-1","Service":"web","Tags":["v1","primary"],"Meta":{"version":"3"},\
            "Port":8080,"Address":"","Weights":{"Passing":1,"Warning":1},"EnableTagOverride":false,\
            "Datacenter":"dc1"}}\
            """);
    }

    @Test
    void agent_checks_is_consuls_to_the_letter() {
        assertThat(api.get("/v1/agent/checks").body()).isEqualTo("""
            {"web-http":{"Node":"n1","CheckID":"web-http","Name":"web ttl","Status":"passing","Notes":"",\
            "Output":"fine","ServiceID":"web-1","ServiceName":"web","ServiceTags":["v1","primary"],\
            "Type":"ttl","Interval":"","Timeout":"","ExposedPort":0,"Definition":{},"CreateIndex":0,\
            "ModifyIndex":0}}\
            """);
    }

    @Test
    void a_stand_alone_check_shows_interval_and_timeout() {
        api.put("/v1/agent/check/register", "{\"Name\":\"port\",\"TCP\":\"127.0.0.1:1\",\"Interval\":\"10s\"}");
        api.put("/v1/agent/check/register", "{\"Name\":\"mem\",\"TTL\":\"30s\"}");

        JsonNode checks = api.json("/v1/agent/checks");
        assertThat(checks.at("/port/Interval").asText()).isEqualTo("10s");
        assertThat(checks.at("/port/Timeout").asText()).isEqualTo("10s");
        assertThat(checks.at("/mem/Interval").asText()).isEqualTo("0s");
    }

    @Test
    void agent_service_has_a_hash_in_body_and_header() {
        HttpResponse<String> answer = api.get("/v1/agent/service/web-1");
        JsonNode service = RunningApi.parse(answer.body());

        assertThat(names(service))
                .containsExactly(
                        "ID",
                        "Service",
                        "Tags",
                        "Meta",
                        "Port",
                        "Address",
                        "Weights",
                        "EnableTagOverride",
                        "ContentHash",
                        "Datacenter");
        assertThat(answer.headers().firstValue("X-Consul-ContentHash"))
                .contains(service.get("ContentHash").asText());
        assertThat(service.get("ContentHash").asText()).matches("[0-9a-f]{16}");
        assertThat(api.get("/v1/agent/service/nope").statusCode()).isEqualTo(404);
        assertThat(api.get("/v1/agent/service/nope").body()).isEqualTo("unknown service ID: nope");
    }

    @Test
    void catalog_nodes_and_services_and_datacenters() {
        JsonNode node = api.json("/v1/catalog/nodes").get(0);

        assertThat(names(node))
                .containsExactly(
                        "ID", "Node", "Address", "Datacenter", "TaggedAddresses", "Meta", "CreateIndex", "ModifyIndex");
        assertThat(node.get("ID").asText()).matches("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}");
        assertThat(names(node.get("TaggedAddresses"))).containsExactly("lan", "lan_ipv4", "wan", "wan_ipv4");
        assertThat(node.at("/Meta/consul-network-segment").asText("?")).isEmpty();
        assertThat(api.get("/v1/catalog/services").body()).isEqualTo("{\"web\":[\"primary\",\"v1\"]}");
        assertThat(api.get("/v1/catalog/datacenters").body()).isEqualTo("[\"dc1\"]");
    }

    @Test
    void catalog_service_is_flat() {
        JsonNode service = api.json("/v1/catalog/service/web").get(0);

        assertThat(names(service))
                .containsExactly(
                        "ID",
                        "Node",
                        "Address",
                        "Datacenter",
                        "TaggedAddresses",
                        "NodeMeta",
                        "ServiceKind",
                        "ServiceID",
                        "ServiceName",
                        "ServiceTags",
                        "ServiceAddress",
                        "ServiceWeights",
                        "ServiceMeta",
                        "ServicePort",
                        "ServiceSocketPath",
                        "ServiceEnableTagOverride",
                        "ServiceProxy",
                        "ServiceConnect",
                        "CreateIndex",
                        "ModifyIndex");
        assertThat(service.get("ServiceProxy"))
                .isEqualTo(RunningApi.parse("{\"Mode\":\"\",\"MeshGateway\":{},\"Expose\":{}}"));
        assertThat(service.get("ServiceAddress").asText()).isEmpty();
    }

    @Test
    void catalog_node_and_node_services() {
        JsonNode node = api.json("/v1/catalog/node/N1");

        assertThat(names(node)).containsExactly("Node", "Services");
        assertThat(names(node.at("/Services/web-1")))
                .containsExactly(
                        "ID",
                        "Service",
                        "Tags",
                        "Address",
                        "Meta",
                        "Port",
                        "Weights",
                        "EnableTagOverride",
                        "Proxy",
                        "Connect",
                        "CreateIndex",
                        "ModifyIndex");
        assertThat(api.json("/v1/catalog/node-services/n1").get("Services").isArray())
                .isTrue();
    }

    @Test
    void health_service_has_node_service_and_checks_with_liveness_first() {
        JsonNode entry = api.json("/v1/health/service/WEB?passing").get(0);

        assertThat(names(entry)).containsExactly("Node", "Service", "Checks");
        assertThat(entry.get("Checks")).hasSize(2);
        assertThat(entry.at("/Checks/0/CheckID").asText()).isEqualTo("serfHealth");
        assertThat(entry.at("/Checks/0/Output").asText()).isEqualTo("Agent alive and reachable");
        assertThat(entry.at("/Checks/1/CheckID").asText()).isEqualTo("web-http");
        assertThat(names(entry.at("/Checks/1")))
                .containsExactly(
                        "Node",
                        "CheckID",
                        "Name",
                        "Status",
                        "Notes",
                        "Output",
                        "ServiceID",
                        "ServiceName",
                        "ServiceTags",
                        "Type",
                        "Interval",
                        "Timeout",
                        "ExposedPort",
                        "Definition",
                        "CreateIndex",
                        "ModifyIndex");
    }

    @Test
    void passing_drops_instances_with_any_check_that_is_not() {
        api.otherHost(2, "web", CheckStatus.PASSING);
        api.otherHost(3, "web", CheckStatus.WARNING);
        api.otherHost(4, "web", CheckStatus.PASSING);
        api.catalog.livenessChanged(RunningApi.node(4, "n4", "10.0.0.4").id(), Liveness.FAILED);

        assertThat(api.json("/v1/health/service/web")).hasSize(4);
        assertThat(api.json("/v1/health/service/web?passing=true").findValuesAsText("Node"))
                .contains("n1", "n2")
                .doesNotContain("n3", "n4");
        assertThat(api.json("/v1/health/service/web?passing=0")).hasSize(4);
        assertThat(api.get("/v1/health/service/web?passing=maybe").body()).isEqualTo("Invalid value for ?passing");
        assertThat(api.json("/v1/health/state/critical").findValuesAsText("CheckID"))
                .containsExactly("serfHealth");
    }

    @Test
    void health_lists_of_checks() {
        assertThat(api.json("/v1/health/checks/web").findValuesAsText("CheckID"))
                .containsExactly("web-http");
        assertThat(api.json("/v1/health/node/n1").findValuesAsText("CheckID"))
                .containsExactly("serfHealth", "web-http");
        assertThat(api.json("/v1/health/state/any")).hasSize(2);
        assertThat(api.json("/v1/health/state/warning")).isEmpty();
        assertThat(api.get("/v1/health/state/odd").body()).isEqualTo("[]");
    }

    @ParameterizedTest
    @CsvSource({"v1, 1", "V1, 1", "v2, 0"})
    void tags_select_without_regard_to_case(String tag, int found) {
        assertThat(api.json("/v1/health/service/web?tag=" + tag)).hasSize(found);
        assertThat(api.json("/v1/catalog/service/web?tag=primary&tag=" + tag)).hasSize(found);
    }

    @Test
    void node_meta_selects_all_pairs() {
        api.otherHost(2, "web", CheckStatus.PASSING);

        assertThat(api.json("/v1/catalog/service/web?node-meta=rack:r2")).hasSize(1);
        assertThat(api.json("/v1/catalog/nodes?node-meta=rack:r2")).hasSize(1);
        assertThat(api.json("/v1/catalog/service/web?node-meta=rack:r2&node-meta=x:y"))
                .isEmpty();
    }

    @Test
    void only_services_of_the_mesh_are_in_connect() {
        api.put("/v1/agent/service/register", "{\"Name\":\"db\",\"Port\":1,\"Connect\":{\"SidecarService\":{}}}");

        assertThat(api.json("/v1/catalog/connect/db")).hasSize(1);
        assertThat(api.json("/v1/health/connect/db")).hasSize(1);
        assertThat(api.get("/v1/catalog/connect/web").body()).isEqualTo("[]");
    }

    @ParameterizedTest
    @ValueSource(strings = {"catalog/service/x", "catalog/connect/x", "health/service/x", "health/checks/x"})
    void an_unknown_service_is_an_empty_list_with_an_index(String path) {
        HttpResponse<String> answer = api.get("/v1/" + path);

        assertThat(answer.body()).isEqualTo("[]");
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(Long.parseLong(answer.headers().firstValue("X-Consul-Index").orElseThrow()))
                .isPositive();
    }

    @Test
    void an_unknown_node_is_null() {
        assertThat(api.get("/v1/catalog/node/nope").body()).isEqualTo("null");
        assertThat(api.get("/v1/catalog/node/nope").statusCode()).isEqualTo(200);
        assertThat(api.get("/v1/health/node/nope").body()).isEqualTo("[]");
    }

    @ParameterizedTest
    @CsvSource({
        "health/service/, Missing service name",
        "catalog/service/, Missing service name",
        "health/node/, Missing node name",
        "health/state/, Missing check state"
    })
    void a_missing_name_is_said(String path, String body) {
        assertThat(api.get("/v1/" + path).statusCode()).isEqualTo(400);
        assertThat(api.get("/v1/" + path).body()).isEqualTo(body);
    }

    @Test
    void every_read_that_can_block_has_the_headers() {
        for (String path : List.of(
                "/v1/catalog/nodes",
                "/v1/catalog/services",
                "/v1/catalog/service/web",
                "/v1/catalog/node/n1",
                "/v1/health/service/web",
                "/v1/health/state/any",
                "/v1/health/node/n1",
                "/v1/health/checks/web",
                "/v1/connect/intentions",
                "/v1/connect/intentions/match?by=source&name=a")) {
            var headers = api.get(path).headers();
            assertThat(Long.parseLong(headers.firstValue("X-Consul-Index").orElseThrow()))
                    .as(path)
                    .isPositive();
            assertThat(headers.firstValue("X-Consul-KnownLeader")).as(path).contains("true");
            assertThat(headers.firstValue("X-Consul-LastContact")).as(path).contains("12");
            assertThat(headers.firstValue("X-Consul-Effective-Consistency"))
                    .as(path)
                    .isPresent();
            assertThat(headers.firstValue("X-Consul-Query-Backend")).as(path).contains("blocking-query");
            assertThat(headers.firstValue("X-Consul-Default-ACL-Policy"))
                    .as(path)
                    .contains("deny");
            assertThat(headers.firstValue("Vary")).as(path).contains("Accept-Encoding");
            assertThat(headers.firstValue("Content-Type")).as(path).contains("application/json");
        }
    }

    @Test
    void agent_health_says_it_in_the_status_code() {
        assertThat(api.get("/v1/agent/health/service/id/web-1").statusCode()).isEqualTo(200);
        JsonNode passing = api.json("/v1/agent/health/service/id/web-1");
        assertThat(names(passing)).containsExactly("AggregatedStatus", "Service", "Checks");
        assertThat(passing.at("/Checks/0/Definition/Interval").asText()).isEqualTo("0s");
        assertThat(api.get("/v1/agent/health/service/id/web-1?format=text").body())
                .isEqualTo("passing");

        api.put("/v1/agent/check/warn/web-http", "");
        assertThat(api.get("/v1/agent/health/service/name/WEB").statusCode()).isEqualTo(429);
        api.put("/v1/agent/check/fail/web-http", "");
        HttpResponse<String> failed = api.get("/v1/agent/health/service/name/web");
        assertThat(failed.statusCode()).isEqualTo(503);
        assertThat(failed.headers().firstValue("X-Consul-Reason")).contains("critical");
        api.put("/v1/agent/service/maintenance/web-1?enable=true&reason=upgrade", "");
        assertThat(api.json("/v1/agent/health/service/id/web-1")
                        .get("AggregatedStatus")
                        .asText())
                .isEqualTo("maintenance");
    }

    @Test
    void agent_health_of_what_is_unknown() {
        HttpResponse<String> id = api.get("/v1/agent/health/service/id/nope");
        assertThat(id.statusCode()).isEqualTo(404);
        assertThat(id.body()).isEqualTo("{\"AggregatedStatus\":\"critical\",\"Service\":null,\"Checks\":null}");
        assertThat(api.get("/v1/agent/health/service/name/nope").statusCode()).isEqualTo(404);
        assertThat(api.get("/v1/agent/health/service/name/nope").body()).isEqualTo("[]");
    }

    @Test
    void status_is_a_json_string_and_a_list() {
        assertThat(api.get("/v1/status/leader").body()).isEqualTo("\"127.0.0.1:8443\"");
        assertThat(api.get("/v1/status/peers").body()).isEqualTo("[\"127.0.0.1:8443\"]");
        api.doors.leader = java.util.Optional.empty();
        assertThat(api.get("/v1/status/leader").body()).isEqualTo("\"\"");
        assertThat(api.get("/v1/catalog/nodes").headers().firstValue("X-Consul-KnownLeader"))
                .contains("false");
    }

    @Test
    void pretty_indents_by_four_and_ends_with_a_newline() {
        assertThat(api.get("/v1/catalog/services?pretty").body())
                .isEqualTo("{\n    \"web\": [\n        \"primary\",\n        \"v1\"\n    ]\n}\n");
        assertThat(api.get("/v1/catalog/service/x?pretty").body()).isEqualTo("[]\n");
    }

    @Test
    void texts_are_escaped_for_html() {
        api.put("/v1/agent/check/update/web-http", "{\"Status\":\"passing\",\"Output\":\"<b>&\\\"\"}");

        assertThat(api.get("/v1/agent/checks").body()).contains("\"Output\":\"\\u003cb\\u003e\\u0026\\\"\"");
    }

    @Test
    void datacenters_namespaces_and_contradictions() {
        assertThat(api.get("/v1/catalog/nodes?dc=dc1").statusCode()).isEqualTo(200);
        assertThat(api.get("/v1/catalog/nodes?dc=mars").statusCode()).isEqualTo(500);
        assertThat(api.get("/v1/catalog/nodes?dc=mars").body()).isEqualTo("No path to datacenter");
        assertThat(api.get("/v1/catalog/nodes?ns=default").statusCode()).isEqualTo(200);
        assertThat(api.get("/v1/catalog/nodes?ns=other").statusCode()).isEqualTo(400);
        assertThat(api.get("/v1/catalog/nodes?stale&consistent").statusCode()).isEqualTo(400);
        assertThat(api.get("/v1/catalog/nodes?stale").statusCode()).isEqualTo(200);
        assertThat(api.get("/v1/catalog/nodes?filter=x").statusCode()).isEqualTo(501);
    }

    @Test
    void metrics_in_both_forms() {
        JsonNode metrics = api.json("/v1/agent/metrics");
        assertThat(names(metrics)).containsExactly("Timestamp", "Gauges", "Points", "Counters", "Samples");
        HttpResponse<String> text = api.get("/v1/agent/metrics?format=prometheus");
        assertThat(text.body()).contains("culvert_http_requests_total{code=\"200\",method=\"GET\"}");
        assertThat(text.headers().firstValue("Content-Type").orElseThrow()).startsWith("text/plain");
        assertThat(api.get("/metrics").statusCode()).isEqualTo(200);
    }

    private static List<String> names(JsonNode object) {
        List<String> names = new ArrayList<>();
        object.fieldNames().forEachRemaining(names::add);
        return names;
    }
}
