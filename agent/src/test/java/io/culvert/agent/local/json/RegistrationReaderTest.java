package io.culvert.agent.local.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.culvert.agent.local.ServiceRegistration;
import io.culvert.catalog.CheckStatus;
import io.culvert.catalog.TcpEndpoint;
import io.culvert.catalog.UnixEndpoint;
import io.culvert.health.CheckDefinition;
import io.culvert.health.CheckKind;
import io.culvert.proxy.Upstream;
import io.culvert.testbed.kit.Property;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RegistrationReaderTest {
    private static final String FULL = """
            {"Name":"web","ID":"web-1","Tags":["v1","primary"],"Meta":{"version":"3"},"Port":8080,"Address":"10.0.0.9",
             "TaggedAddresses":{"lan":{"Address":"10.0.0.9","Port":8080}},"Weights":{"Passing":5,"Warning":2},
             "EnableTagOverride":true,"User":"www-data",
             "Checks":[{"HTTP":"http://127.0.0.1:8080/h","Header":{"Host":["web"]},"Interval":"10s","Timeout":"2s"},
                       {"CheckID":"own","Name":"mine","TTL":"30s","Status":"passing",
                        "DeregisterCriticalServiceAfter":"5m","SuccessBeforePassing":2,"FailuresBeforeCritical":3}],
             "Check":{"TCP":"[::1]:80","Interval":"500ms"},
             "Connect":{"SidecarService":{"Port":21000,"Proxy":{"LocalServicePort":9000,"Upstreams":[
                {"DestinationName":"db","LocalBindPort":9191},
                {"DestinationName":"cache","LocalBindSocketPath":"/run/web/cache.sock","LocalBindSocketMode":"0660",
                 "LocalBindSocketOwner":"www-data"}]}}}}""";

    private final RegistrationReader reader = new RegistrationReader(false);

    @Test
    void a_full_registration_is_read() throws InputRefused {
        ServiceRegistration web = service(FULL);

        assertThat(web.service().id()).isEqualTo("web-1");
        assertThat(web.service().tags()).containsExactly("v1", "primary");
        assertThat(web.service().mesh()).isTrue();
        assertThat(web.service().weights().passing()).isEqualTo(5);
        assertThat(web.user()).isEqualTo("www-data");
        assertThat(web.endpoint()).contains(new TcpEndpoint("127.0.0.1", 9000));
        assertThat(web.checks())
                .extracting(CheckDefinition::id)
                .containsExactly("service:web-1:1", "own", "service:web-1:3");
        assertThat(web.upstreams()).hasSize(2);
        assertThat(web.upstreams()).extracting(Upstream::allowedUser).containsOnly(Optional.of("www-data"));
        assertThat(web.upstreams().get(1).bind())
                .isEqualTo(new Upstream.UnixBind(
                        "/run/web/cache.sock", Optional.of(0660), Optional.of("www-data"), Optional.empty()));
    }

    @Test
    void checks_take_the_defaults_of_consul() throws InputRefused {
        List<CheckDefinition> checks = service(FULL).checks();

        assertThat(checks.get(0).name()).isEqualTo("Service 'web' check");
        assertThat(checks.get(0).initialStatus()).isEqualTo(CheckStatus.CRITICAL);
        assertThat(checks.get(0).timeout()).isEqualTo(Duration.ofSeconds(2));
        assertThat(checks.get(1).kind()).isEqualTo(new CheckKind.Ttl(Duration.ofSeconds(30)));
        assertThat(checks.get(1).interval()).isZero();
        assertThat(checks.get(2).interval()).isEqualTo(Duration.ofSeconds(1));
        assertThat(checks.get(2).kind()).isEqualTo(new CheckKind.Tcp("::1", 80));
    }

    @Test
    void a_single_check_has_the_id_without_a_number() throws InputRefused {
        assertThat(service("{\"Name\":\"a\",\"Check\":{\"TTL\":\"10s\"}}").checks())
                .extracting(CheckDefinition::id)
                .containsExactly("service:a");
    }

    @Test
    void keys_match_in_any_case_and_in_snake_case() throws InputRefused {
        ServiceRegistration web = service("""
                {"name":"web","enable_tag_override":true,"tagged_addresses":{},"PORT":1,
                 "check":{"tcp":"h:1","interval":"10s","deregister_critical_service_after":"90s"},
                 "connect":{"sidecar_service":{"proxy":{"upstreams":[
                    {"destination_name":"db","local_bind_socket_path":"/a"}]}}}}""");

        assertThat(web.service().enableTagOverride()).isTrue();
        assertThat(web.checks().get(0).deregisterCriticalServiceAfter()).contains(Duration.ofSeconds(90));
        assertThat(web.upstreams()).hasSize(1);
    }

    @Test
    void null_counts_as_absent_everywhere() throws InputRefused {
        ServiceRegistration web = service("""
                {"Name":"web","ID":null,"Tags":null,"Meta":null,"Port":null,"Check":null,"Checks":null,"Connect":null,
                 "Weights":null,"TaggedAddresses":null,"EnableTagOverride":null,"Proxy":null,"Kind":null,"Token":null}""");

        assertThat(web.service().id()).isEqualTo("web");
        assertThat(web.service().tags()).isEmpty();
    }

    @Test
    void a_service_with_a_socket_is_delivered_to_that_socket_also_when_it_has_a_port() throws InputRefused {
        ServiceRegistration mysql = service(
                "{\"Name\":\"mysql\",\"Port\":3306,\"SocketPath\":\"/run/m.sock\",\"Connect\":{\"SidecarService\":{}}}");

        assertThat(mysql.endpoint()).contains(new UnixEndpoint("/run/m.sock"));
    }

    @Test
    void durations_may_be_nanoseconds_but_not_text_without_a_unit() throws InputRefused {
        assertThat(service("{\"Name\":\"a\",\"Check\":{\"TTL\":10000000000}}")
                        .checks()
                        .get(0)
                        .kind())
                .isEqualTo(new CheckKind.Ttl(Duration.ofSeconds(10)));
        assertThatThrownBy(() -> service("{\"Name\":\"a\",\"Check\":{\"TTL\":\"10\"}}"))
                .hasMessageContaining("Request decode failed: time: invalid duration \"10\"");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        {"Name":"a","User":"no one"}                           | Invalid User 'no one'
        {"Name":"a","Foo":1}                                   | Request decode failed: json: unknown field "Foo"
        {"Name":"a","Check":{"TTL":"1s","Bar":2}}              | Request decode failed: json: unknown field "Check.Bar"
        {"Name":"a","Port":"80"}                               | field "Port": a string (expected: a number
        {"Name":"a","Port":1.5}                                | expected: a whole number
        {"Name":"a","Tags":"x"}                                | field "Tags": a string (expected: an array)
        {"Name":"a","Meta":{"k":1}}                            | field "Meta.k": a number (expected: a string)
        {"Port":1}                                             | Missing service name
        {"Name":"a b"}                                         | Invalid service name: 'a b'
        {"Name":"a","Port":70000}                              | Invalid Port: 70000 (expected: 0 to 65535)
        {"Name":"a","Address":"0.0.0.0"}                       | Invalid service address
        {"Name":"a","Address":"::"}                            | Invalid service address
        {"Name":"a","Weights":{"Passing":0}}                   | Invalid Weights: Passing must be greater than 0
        {"Name":"a","Meta":{"consul-x":"1"}}                   | Key prefix 'consul-' is reserved
        {"Name":"a","Meta":{"ä":"1"}}                          | Invalid Service Meta
        {"Name":"a","SocketPath":"x"}                          | Invalid SocketPath 'x'
        {"Name":"a","SocketPath":"/x","Address":"1.1.1.1"}     | cannot have both socket path
        {"Name":"a","TaggedAddresses":{"lan_ipv4":{"Address":"::1"}}} | must be an IPv4 address
        {"Name":"a","Check":{"HTTP":"http://a/"}}              | Interval must be > 0 for Script, HTTP, H2PING, or TCP checks
        {"Name":"a","Check":{"HTTP":"a/","Interval":"1s"}}     | expected: a URL
        {"Name":"a","Check":{"TCP":"a","Interval":"1s"}}       | expected: host:port
        {"Name":"a","Check":{"TTL":"1s","Interval":"1s"}}      | Interval and TTL cannot both be specified
        {"Name":"a","Check":{}}                                | TTL must be > 0 for TTL checks
        {"Name":"a","Check":{"TTL":"1s","TCP":"a:1"}}          | one kind per check
        {"Name":"a","Check":{"TTL":"1s","Status":"ok"}}        | Status for checks must 'passing', 'warning', 'critical'
        {"Name":"a","Check":{"Args":["x"],"Interval":"1s"}}    | Scripts are disabled on this agent from remote calls
        {"Name":"a","Kind":"connect-proxy"}                    | the agent itself is the proxy
        {"Name":"a","Connect":{"SidecarService":{"ID":"x"}}}   | A SidecarService cannot specify an ID
        {"Name":"a","Connect":{"SidecarService":{"Proxy":{"Upstreams":[{"DestinationName":"d"}]}}}} | exactly one of
        {"Name":"a","Connect":{"SidecarService":{"Proxy":{"Upstreams":[{"DestinationName":"*","LocalBindPort":1}]}}}} | cannot be empty or '*'
        {"Name":"a","Connect":{"SidecarService":{"Proxy":{"Upstreams":[{"DestinationName":"d","LocalBindPort":1,"LocalBindAddress":"10.0.0.1"}]}}}} | expected: a loopback address
        {"Name":"a","Connect":{"SidecarService":{"Proxy":{"Upstreams":[{"DestinationName":"d","LocalBindPort":1},{"DestinationName":"e","LocalBindPort":1}]}}}} | is specified twice
        {"Name":"a","Connect":{"SidecarService":{"Proxy":{"Upstreams":[{"DestinationName":"d","LocalBindPort":1},{"DestinationName":"D","LocalBindPort":2}]}}}} | duplicates of D
        {"Name":"a"                                            | Request decode failed: json:
        []                                                     | expected: an object
        {} {}                                                  | more than one document
        """)
    void what_is_wrong_is_refused_with_the_reason(String body, String reason) {
        assertThatThrownBy(() -> service(body)).isInstanceOf(InputRefused.class).hasMessageContaining(reason);
    }

    @Test
    void an_empty_body_is_refused() {
        assertThatThrownBy(() -> service("")).hasMessageStartingWith("Request decode failed: EOF");
    }

    @ParameterizedTest
    @ValueSource(ints = {40, 5_000})
    void nesting_beyond_the_bound_is_refused(int depth) {
        String deep = "{\"Name\":\"a\",\"Meta\":" + "[".repeat(depth) + "]".repeat(depth) + "}";
        assertThatThrownBy(() -> service(deep)).isInstanceOf(InputRefused.class);
    }

    @Test
    void what_is_written_is_read_again_the_same() throws Exception {
        ServiceRegistration web = service(FULL);

        assertThat(new RegistrationReader(true).service(written(web))).isEqualTo(web);
    }

    @Test
    void a_stand_alone_check_is_named_by_its_name_and_written_again_the_same() throws Exception {
        CheckDefinition check = new RegistrationReader(true)
                .check(("{\"Name\":\"mem\",\"ServiceID\":\"web-1\",\"Args\":[\"free\",\"-m\"],\"Interval\":\"10s\","
                                + "\"OutputMaxSize\":100}")
                        .getBytes(StandardCharsets.UTF_8));

        assertThat(check.id()).isEqualTo("mem");
        assertThat(check.timeout()).isEqualTo(CheckDefinition.DEFAULT_SCRIPT_TIMEOUT);
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (JsonGenerator json = new JsonFactory().createGenerator(bytes)) {
            RegistrationWriter.check(json, check);
        }
        assertThat(new RegistrationReader(true).check(bytes.toByteArray())).isEqualTo(check);
    }

    @Test
    void a_stand_alone_check_needs_a_name() {
        assertThatThrownBy(() -> reader.check("{\"ID\":\"mem\",\"TTL\":\"10s\"}".getBytes(StandardCharsets.UTF_8)))
                .hasMessage("Missing check name");
    }

    @Test
    void damaged_documents_are_refused_and_never_break_the_reader() {
        byte[] good = FULL.getBytes(StandardCharsets.UTF_8);
        Property.forSeeds(2_000, random -> {
            byte[] damaged = good.clone();
            for (int i = random.nextInt(1, 6); i > 0; i--) {
                damaged[random.nextInt(damaged.length)] = (byte) random.nextInt(256);
            }
            try {
                assertThat(new RegistrationReader(true).service(damaged).id()).isNotEmpty();
            } catch (InputRefused e) {
                assertThat(e.reason()).isNotEmpty();
            }
        });
    }

    private static byte[] written(ServiceRegistration service) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (JsonGenerator json = new JsonFactory().createGenerator(bytes)) {
            RegistrationWriter.service(json, service);
        }
        return bytes.toByteArray();
    }

    private ServiceRegistration service(String body) throws InputRefused {
        return reader.service(body.getBytes(StandardCharsets.UTF_8));
    }
}
