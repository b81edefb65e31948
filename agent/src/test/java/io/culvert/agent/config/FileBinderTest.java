package io.culvert.agent.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.culvert.catalog.CheckStatus;
import io.culvert.catalog.ServiceInstance;
import io.culvert.catalog.ServiceInstance.TaggedAddress;
import io.culvert.catalog.ServiceName;
import io.culvert.catalog.TcpEndpoint;
import io.culvert.catalog.UnixEndpoint;
import io.culvert.catalog.Weights;
import io.culvert.health.CheckDefinition;
import io.culvert.health.CheckKind;
import io.culvert.identity.Intention;
import io.culvert.proxy.Upstream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class FileBinderTest {
    private static ServiceFile read(String file, String text) {
        Problems problems = new Problems();
        ServiceFile read = FileBinder.read(file, text.getBytes(StandardCharsets.UTF_8), BindRules.DEFAULT, problems);
        assertThat(problems.sorted()).isEmpty();
        return read;
    }

    private static ServiceDefinition service(String text) {
        return read("web.hcl", text).services().get(0);
    }

    private static List<String> checkIds(ServiceDefinition service) {
        return service.checks().stream().map(CheckDefinition::id).toList();
    }

    @Test
    void the_file_of_a_consul_user_works_unchanged() {
        ServiceDefinition mysql = service("""
                services = [
                  {
                    name = "mysql"
                    port = 3306
                    tags = ["primary",]
                    connect {
                      sidecar_service {}
                    }
                    check {
                      args = ["/usr/bin/mysqladmin", "ping"]
                      interval = "5s"
                    }
                  }
                ]
                """);
        assertThat(mysql.instance())
                .isEqualTo(new ServiceInstance(
                        "mysql",
                        new ServiceName("mysql"),
                        List.of("primary"),
                        Map.of(),
                        "",
                        3306,
                        "",
                        Map.of(),
                        Weights.DEFAULT,
                        false,
                        true,
                        0));
        assertThat(mysql.endpoint()).contains(new TcpEndpoint("127.0.0.1", 3306));
        assertThat(mysql.checks())
                .containsExactly(new CheckDefinition(
                        "service:mysql",
                        "Service 'mysql' check",
                        "",
                        "mysql",
                        CheckStatus.CRITICAL,
                        new CheckKind.Script(List.of("/usr/bin/mysqladmin", "ping"), Map.of(), "", ""),
                        Duration.ofSeconds(5),
                        Duration.ofSeconds(30),
                        0,
                        0,
                        Optional.empty(),
                        4096));
    }

    @Test
    void hcl_on_few_lines_and_its_json_twin_say_the_same() {
        ServiceFile hcl = read("a", """
                service {
                  name = "web"  id = "web-1"  port = 8080  tags = ["v1"]
                  meta { version = "3" }
                  check { http = "http://127.0.0.1:8080/health"  interval = "10s"  timeout = "2s"  header { Host = ["web"] } }
                  connect { sidecar_service { proxy { upstreams { destination_name = "db"  local_bind_port = 9191 } } } }
                }
                """);
        ServiceFile json = read("a", """
                {"service":{"Name":"web","ID":"web-1","Port":8080,"Tags":["v1"],"Meta":{"version":"3"},
                "Check":{"HTTP":"http://127.0.0.1:8080/health","Interval":"10s","Timeout":"2s","Header":{"Host":["web"]},
                "Notes":null},
                "connect":{"SidecarService":{"proxy":{"upstreams":[{"DestinationName":"db","local_bind_port":9191}]}}}}}
                """);
        assertThat(hcl.services().get(0))
                .usingRecursiveComparison()
                .ignoringFields("origin")
                .isEqualTo(json.services().get(0));
        assertThat(hcl.services().get(0).upstreams())
                .containsExactly(new Upstream(
                        new ServiceName("web"),
                        new ServiceName("db"),
                        new Upstream.TcpBind("127.0.0.1", 9191),
                        Optional.empty(),
                        Optional.empty()));
    }

    @Test
    void lists_come_before_single_blocks_and_number_the_checks() {
        ServiceFile file = read("a.hcl", """
                service { name = "single" check { ttl = "1s" } checks = [{ ttl = "2s" }, { id = "own" ttl = "3s" }] }
                service "labelled" { check { ttl = "4s" } check "second" { ttl = "5s" } }
                services = [{ name = "listed" }]
                """);
        assertThat(file.services()).extracting(s -> s.instance().id()).containsExactly("listed", "single", "labelled");
        assertThat(checkIds(file.services().get(1))).containsExactly("service:single:1", "own", "service:single:3");
        assertThat(checkIds(file.services().get(2))).containsExactly("service:labelled:1", "service:labelled:2");
        assertThat(file.services().get(2).checks().get(1).name()).isEqualTo("second");
    }

    @Test
    void every_field_of_a_service_is_read() {
        ServiceDefinition service = service("""
                service "db" {
                  id = "db-1" tags = ["a", "b"] address = "10.0.0.7" port = 5432 socket_path = "/run/db.sock"
                  user = "postgres" group = "db"
                  tagged_addresses { wan { address = "db.example.org" port = 1 } lan_ipv4 { address = "10.0.0.8" port = 2 } }
                  weights { passing = 7 warning = 0 }
                  enable_tag_override = true
                  connect { sidecar_service { proxy { local_service_socket_path = "/run/own.sock" mode = "direct" } } }
                }
                """);
        assertThat(service.instance())
                .isEqualTo(new ServiceInstance(
                        "db-1",
                        new ServiceName("db"),
                        List.of("a", "b"),
                        Map.of(),
                        "10.0.0.7",
                        5432,
                        "/run/db.sock",
                        Map.of(
                                "wan", new TaggedAddress("db.example.org", 1),
                                "lan_ipv4", new TaggedAddress("10.0.0.8", 2),
                                "wan_ipv4", new TaggedAddress("10.0.0.7", 5432)),
                        new Weights(7, 0),
                        true,
                        true,
                        0));
        assertThat(service.user()).isEqualTo("postgres");
        assertThat(service.group()).isEqualTo("db");
        assertThat(service.endpoint()).contains(new UnixEndpoint("/run/own.sock"));
        assertThat(service.origin()).hasToString("web.hcl:1:1");
    }

    @Test
    void a_socket_path_is_where_streams_go_and_the_port_is_the_address_in_the_mesh() {
        assertThat(service("service { name = \"a\" port = 1 socket_path = \"/a.sock\" }")
                        .endpoint())
                .contains(new UnixEndpoint("/a.sock"));
        assertThat(service("service { name = \"a\" }").endpoint()).isEmpty();
    }

    @Test
    void every_kind_of_check_is_read() {
        ServiceFile file = read("a.hcl", """
                service { name = "web" }
                check { name = "a" args = ["x"] environment { A = "b" } working_directory = "/tmp" user = "nobody" interval = "1m30s" }
                check { name = "b" http = "https://h.example:1/p?q" method = "PUT" header { A = ["1", "2"] } body = "x"
                        socket_path = "/s" tls_server_name = "n" tls_skip_verify = true tls_ca_file = "/ca" interval = "1s" }
                check { name = "c" tcp = "[::1]:80" interval = "1s" timeout = "1ms" }
                check { name = "d" unix = "/run/x.sock" interval = "1s" success_before_passing = 2 failures_before_critical = 3 }
                check { name = "e" grpc = "127.0.0.1:9/svc" grpc_use_tls = true interval = "1s" output_max_size = 10 }
                check { name = "f" ttl = "30s" status = "warning" notes = "n" }
                check { name = "g" alias_service = "web" }
                check { id = "h" alias_node = "n2" alias_service = "x" service_id = "web" deregister_critical_service_after = "2m" }
                """);
        CheckKind.TlsOptions tls = new CheckKind.TlsOptions(Optional.of("n"), true, Optional.of("/ca"));
        assertThat(file.checks())
                .extracting(CheckDefinition::kind)
                .containsExactly(
                        new CheckKind.Script(List.of("x"), Map.of("A", "b"), "/tmp", "nobody"),
                        new CheckKind.Http(
                                "https://h.example:1/p?q", "PUT", Map.of("A", List.of("1", "2")), "x", tls, "/s"),
                        new CheckKind.Tcp("::1", 80),
                        new CheckKind.Unix("/run/x.sock"),
                        new CheckKind.Grpc("127.0.0.1", 9, "svc", Optional.of(CheckKind.TlsOptions.DEFAULT)),
                        new CheckKind.Ttl(Duration.ofSeconds(30)),
                        new CheckKind.Alias("", "web"),
                        new CheckKind.Alias("n2", "x"));
        assertThat(file.checks().get(7).deregisterCriticalServiceAfter()).contains(Duration.ofMinutes(2));
        assertThat(file.checks().get(7).name()).isEqualTo("h");
        assertThat(file.checks().get(5).initialStatus()).isEqualTo(CheckStatus.WARNING);
        assertThat(file.references()).extracting(Reference::serviceId).containsExactly("web", "web");
    }

    @Test
    void an_upstream_socket_belongs_to_the_user_of_its_service_unless_it_says_otherwise() {
        ServiceDefinition shop = service("""
                service { name = "shop" user = "shop" connect { sidecar_service { proxy { upstreams = [
                  { destination_name = "mysql" local_bind_socket_path = "/run/shop/mysql.sock" local_bind_socket_mode = "0660" },
                  { destination_name = "redis" local_bind_socket_path = "/run/shop/redis.sock"
                    local_bind_socket_owner = "root" local_bind_socket_group = "shop" }] } } } }
                """);
        assertThat(shop.upstreams())
                .extracting(Upstream::bind)
                .containsExactly(
                        new Upstream.UnixBind(
                                "/run/shop/mysql.sock", Optional.of(0660), Optional.of("shop"), Optional.empty()),
                        new Upstream.UnixBind(
                                "/run/shop/redis.sock", Optional.empty(), Optional.of("root"), Optional.of("shop")));
        assertThat(shop.upstreams()).extracting(Upstream::allowedUser).containsOnly(Optional.of("shop"));
    }

    @Test
    void intentions_come_as_blocks_with_labels_and_as_lists() {
        ServiceFile file = read("i.hcl", """
                intentions = [{ source = "a" destination = "b" action = "deny" }]
                intention { source = "shop" destination = "mysql" action = "allow" description = "orders" meta { team = "x" } }
                intention "host/app-1" "*" { action = "allow" }
                intention { SourceName = "*" DestinationName = "c" Action = "deny" }
                """);
        assertThat(file.intentions())
                .containsExactly(
                        new Intention("a", "b", Intention.Action.DENY, "", Map.of(), "i.hcl:1"),
                        new Intention(
                                "shop", "mysql", Intention.Action.ALLOW, "orders", Map.of("team", "x"), "i.hcl:2"),
                        new Intention("host/app-1", "*", Intention.Action.ALLOW, "", Map.of(), "i.hcl:3"),
                        new Intention("*", "c", Intention.Action.DENY, "", Map.of(), "i.hcl:4"));
    }

    @Test
    void a_service_outside_the_mesh_declares_no_connect() {
        assertThat(service("service { name = \"a\" port = 1 }").instance().mesh())
                .isFalse();
        assertThat(service("service { name = \"a\" port = 1 connect { sidecar_service {} } }")
                        .instance()
                        .mesh())
                .isTrue();
    }
}
