package io.culvert.health.probe;

import static io.culvert.catalog.CheckStatus.CRITICAL;
import static io.culvert.catalog.CheckStatus.PASSING;
import static org.assertj.core.api.Assertions.assertThat;

import io.culvert.catalog.CheckStatus;
import io.culvert.health.CheckDefinition;
import io.culvert.health.CheckKind;
import io.culvert.health.CheckKind.TlsOptions;
import io.culvert.health.Definitions;
import io.culvert.health.core.ProbeResult;
import io.culvert.testbed.kit.Property;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class HttpProbeTest {
    private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi";

    private final ProbeBench bench = new ProbeBench();

    @TempDir
    private Path folder = Path.of("/");

    private @Nullable TestTls made;

    private TestTls tls() throws Exception {
        if (made == null) {
            made = TestTls.make(folder);
        }
        return made;
    }

    @AfterAll
    void close() {
        bench.close();
    }

    static CheckKind.Http get(String url) {
        return new CheckKind.Http(url, "GET", Map.of(), "", TlsOptions.DEFAULT, "");
    }

    private static CheckKind.Http withTls(String url, TlsOptions options) {
        return new CheckKind.Http(url, "GET", Map.of(), "", options, "");
    }

    private static CheckDefinition check(CheckKind kind) {
        return Definitions.timing(Definitions.of("h", kind), Duration.ofSeconds(10), Duration.ofSeconds(30));
    }

    private static CheckDefinition within(Duration timeout, CheckKind kind) {
        return Definitions.timing(Definitions.of("h", kind), Duration.ofSeconds(10), timeout);
    }

    private ProbeResult ask(RawServer.Answer answer) throws Exception {
        try (RawServer server = RawServer.tcp(answer)) {
            ProbeResult result = bench.run(check(get(server.url("/health"))));
            return ProbeResult.of(result.status(), result.output().replace(server.url(""), "http://server"));
        }
    }

    private CheckStatus status(RawServer.Answer answer) {
        try {
            return ask(answer).status();
        } catch (Exception e) {
            throw new IllegalStateException("the test's server failed", e);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "200, PASSING",
        "204, PASSING",
        "299, PASSING",
        "300, CRITICAL",
        "304, CRITICAL",
        "400, CRITICAL",
        "401, CRITICAL",
        "404, CRITICAL",
        "428, CRITICAL",
        "429, WARNING",
        "430, CRITICAL",
        "500, CRITICAL",
        "503, CRITICAL",
        "599, CRITICAL",
    })
    void the_status_code_decides(int code, CheckStatus status) throws Exception {
        ProbeResult result = ask(RawServer.text("HTTP/1.1 " + code + " Some Words\r\nContent-Length: 0\r\n\r\n"));
        assertThat(result)
                .isEqualTo(ProbeResult.of(status, "HTTP GET http://server/health: " + code + " Some Words Output: "));
    }

    @Test
    void the_output_reads_as_consuls() throws Exception {
        assertThat(ask(RawServer.text(OK)))
                .isEqualTo(ProbeResult.of(PASSING, "HTTP GET http://server/health: 200 OK Output: hi"));
    }

    @Test
    void the_request_carries_what_is_declared() throws Exception {
        try (RawServer server = RawServer.tcp((head, in, out) -> {
            byte[] body = in.readNBytes(4);
            out.write(("HTTP/1.1 200 OK\r\n\r\n" + new String(body, StandardCharsets.UTF_8))
                    .getBytes(StandardCharsets.UTF_8));
        })) {
            CheckKind.Http http = new CheckKind.Http(
                    server.url("/a/b?c=d%20e"),
                    "POST",
                    Map.of("host", List.of("shop.example"), "X-Two", List.of("1", "2"), "User-Agent", List.of("own")),
                    "ping",
                    TlsOptions.DEFAULT,
                    "");
            assertThat(bench.run(check(http)).output()).endsWith("200 OK Output: ping");
            assertThat(server.heads.get(0).lines())
                    .startsWith("POST /a/b?c=d%20e HTTP/1.1")
                    .contains("host: shop.example", "X-Two: 1", "X-Two: 2", "content-length: 4", "connection: close")
                    .anyMatch(line -> line.equalsIgnoreCase("user-agent: own"))
                    .noneMatch(line -> line.contains("Culvert"));
        }
    }

    @Test
    void the_request_names_culvert_and_takes_any_text() throws Exception {
        try (RawServer server = RawServer.tcp(RawServer.text(OK))) {
            bench.run(check(get("http://127.0.0.1:" + server.port())));
            assertThat(server.heads.get(0).lines())
                    .startsWith("GET / HTTP/1.1")
                    .contains(
                            "host: 127.0.0.1:" + server.port(),
                            "user-agent: Culvert Health Check",
                            "accept: text/plain, text/*, */*");
        }
    }

    @Test
    void credentials_of_the_url_are_sent_and_not_shown() throws Exception {
        try (RawServer server = RawServer.tcp(RawServer.text(OK))) {
            ProbeResult result = bench.run(check(get("http://me:secret@127.0.0.1:" + server.port() + "/")));
            assertThat(server.heads.get(0)).contains("authorization: Basic bWU6c2VjcmV0");
            assertThat(result.output())
                    .startsWith("HTTP GET http://****@127.0.0.1:")
                    .doesNotContain("secret");
        }
    }

    @Test
    void a_chunked_body_is_put_together() throws Exception {
        ProbeResult result = ask(RawServer.text(
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2;x=y\r\nde\r\n0\r\n\r\n"));
        assertThat(result.output()).endsWith("Output: abcde");
    }

    @Test
    void a_body_until_the_end_of_the_connection_is_whole() throws Exception {
        assertThat(ask(RawServer.text("HTTP/1.0 200 OK\r\n\r\nall of it")).output())
                .endsWith("Output: all of it");
    }

    @Test
    void interim_answers_are_not_the_answer() throws Exception {
        ProbeResult result =
                ask(RawServer.text("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n" + OK));
        assertThat(result.output()).endsWith("200 OK Output: hi");
    }

    @Test
    void the_tail_of_a_long_body_is_kept() throws Exception {
        String body = "x".repeat(9_000) + "the end";
        ProbeResult result =
                ask(RawServer.text("HTTP/1.1 500 No\r\nContent-Length: " + body.length() + "\r\n\r\n" + body));
        assertThat(result.output())
                .startsWith("HTTP GET http://server/health: 500 No Output: xxxx")
                .endsWith("the end")
                .hasSize("HTTP GET http://server/health: 500 No Output: ".length() + 4_096);
    }

    @Test
    void a_body_without_end_is_cut_and_the_status_counts() throws Exception {
        RawServer.Answer endless = (head, in, out) -> {
            out.write("HTTP/1.1 200 OK\r\n\r\n".getBytes(StandardCharsets.UTF_8));
            byte[] block = new byte[65_536];
            while (true) {
                out.write(block); // ends when the client closes
            }
        };
        ProbeResult result = ask(endless);
        assertThat(result.status()).isEqualTo(PASSING);
        assertThat(result.output().length()).isLessThan(4_200);
    }

    @Test
    void a_head_without_end_is_critical() throws Exception {
        RawServer.Answer endless = (head, in, out) -> {
            out.write("HTTP/1.1 200 OK\r\n".getBytes(StandardCharsets.UTF_8));
            while (true) {
                out.write("X-More: more\r\n".getBytes(StandardCharsets.UTF_8));
            }
        };
        ProbeResult result = ask(endless);
        assertThat(result.status()).isEqualTo(CRITICAL);
        assertThat(result.output()).contains("no HTTP response (HTTP header is larger than");
    }

    @Test
    void endless_interim_answers_are_critical() throws Exception {
        RawServer.Answer endless = (head, in, out) -> {
            while (true) {
                out.write("HTTP/1.1 100 Continue\r\n\r\n".getBytes(StandardCharsets.UTF_8));
            }
        };
        assertThat(ask(endless).output()).endsWith("no status within 1048576 bytes");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nshort",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nab",
            })
    void a_response_that_is_cut_short_is_no_success(String response) throws Exception {
        ProbeResult result = ask(RawServer.text(response));
        assertThat(result.status()).isEqualTo(CRITICAL);
        assertThat(result.output()).endsWith("connection closed in the middle of the response");
    }

    @Test
    void a_server_that_closes_at_once_is_critical() throws Exception {
        assertThat(ask((head, in, out) -> {}).output()).endsWith("connection closed before a response");
    }

    @Test
    void something_that_is_not_http_is_critical() throws Exception {
        ProbeResult result = ask(RawServer.text("SSH-2.0-OpenSSH_9.2\r\n\r\n"));
        assertThat(result.status()).isEqualTo(CRITICAL);
        assertThat(result.output()).contains("no HTTP response");
    }

    @Test
    void a_slow_server_is_critical_when_the_time_is_over_whatever_it_dribbles() throws Exception {
        CountDownLatch over = new CountDownLatch(1);
        RawServer.Answer slow = (head, in, out) -> {
            out.write("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nso far".getBytes(StandardCharsets.UTF_8));
            out.flush();
            in.transferTo(OutputStream.nullOutputStream());
            over.countDown();
        };
        try (RawServer server = RawServer.tcp(slow)) {
            ProbeResult result = bench.run(within(Duration.ofMillis(500), get(server.url("/"))));
            assertThat(result)
                    .isEqualTo(ProbeResult.critical(
                            "HTTP GET " + server.url("/") + ": timed out after 500ms while waiting for the response"));
            assertThat(over.await(30, java.util.concurrent.TimeUnit.SECONDS))
                    .as("the connection is closed")
                    .isTrue();
        }
    }

    @ParameterizedTest
    @CsvSource({
        "301, POST, GET, 0",
        "302, POST, GET, 0",
        "303, PUT, GET, 0",
        "307, POST, POST, 4",
        "308, PUT, PUT, 4",
        "302, HEAD, HEAD, 0",
    })
    void redirects_are_followed_with_the_method_that_belongs(int code, String method, String then, int bodyLength)
            throws Exception {
        try (RawServer server = RawServer.tcp((head, in, out) -> {
            boolean first = head.contains(" /start ");
            out.write((first
                            ? "HTTP/1.1 " + code + " Go\r\nLocation: /next?x=1\r\nContent-Length: 0\r\n\r\n"
                            : "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")
                    .getBytes(StandardCharsets.UTF_8));
        })) {
            String body = method.equals("HEAD") ? "" : "ping";
            CheckKind.Http http = new CheckKind.Http(
                    server.url("/start"), method, Map.of("X-Own", List.of("1")), body, TlsOptions.DEFAULT, "");
            assertThat(bench.run(check(http)).status()).isEqualTo(PASSING);
            assertThat(server.heads).hasSize(2);
            assertThat(server.heads.get(1).lines())
                    .startsWith(then + " /next?x=1 HTTP/1.1")
                    .contains("X-Own: 1");
            assertThat(server.heads.get(1).contains("content-length: 4")).isEqualTo(bodyLength == 4);
        }
    }

    @Test
    void what_was_meant_for_one_host_is_not_sent_to_another() throws Exception {
        try (RawServer second = RawServer.tcp(RawServer.text(OK));
                RawServer first = RawServer.tcp(RawServer.text(
                        "HTTP/1.1 302 Go\r\nLocation: " + second.url("/") + "\r\nContent-Length: 0\r\n\r\n"))) {
            CheckKind.Http http = new CheckKind.Http(
                    first.url("/"),
                    "GET",
                    Map.of("Authorization", List.of("Bearer x"), "Host", List.of("a"), "X-Own", List.of("1")),
                    "",
                    TlsOptions.DEFAULT,
                    "");
            assertThat(bench.run(check(http)).status()).isEqualTo(PASSING);
            assertThat(first.heads.get(0)).contains("Authorization: Bearer x").contains("Host: a\r\n");
            assertThat(second.heads.get(0))
                    .doesNotContainIgnoringCase("authorization")
                    .contains("host: 127.0.0.1:" + second.port())
                    .contains("X-Own: 1");
        }
    }

    @Test
    void redirects_in_a_circle_end_after_ten() throws Exception {
        try (RawServer server =
                RawServer.tcp(RawServer.text("HTTP/1.1 302 Go\r\nLocation: /\r\nContent-Length: 0\r\n\r\n"))) {
            ProbeResult result = bench.run(check(get(server.url("/"))));
            assertThat(result.status()).isEqualTo(CRITICAL);
            assertThat(result.output()).endsWith("stopped after 10 redirects");
            assertThat(server.heads).hasSize(11);
        }
    }

    @ParameterizedTest
    @CsvSource({"ftp://x/, scheme 'ftp'", "'http:// /', is no URL", "http://:99999/, port"})
    void a_redirect_that_makes_no_sense_is_critical(String location, String words) throws Exception {
        ProbeResult result =
                ask(RawServer.text("HTTP/1.1 302 Go\r\nLocation: " + location + "\r\nContent-Length: 0\r\n\r\n"));
        assertThat(result.status()).isEqualTo(CRITICAL);
        assertThat(result.output()).containsAnyOf(words, "no host");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "nonsense", "http://", "ftp://127.0.0.1/", "http://127.0.0.1:0/", "http://a b/"})
    void a_url_that_makes_no_sense_is_critical(String url) {
        assertThat(bench.run(check(get(url))).status()).isEqualTo(CRITICAL);
    }

    @ParameterizedTest
    @CsvSource({"'X Y', 1", "X, 'a\r\nb'"})
    void a_header_that_cannot_be_sent_is_critical(String name, String value) throws Exception {
        try (RawServer server = RawServer.tcp(RawServer.text(OK))) {
            CheckKind.Http http = new CheckKind.Http(
                    server.url("/"), "GET", Map.of(name, List.of(value)), "", TlsOptions.DEFAULT, "");
            assertThat(bench.run(check(http)).status()).isEqualTo(CRITICAL);
        }
    }

    @Test
    void a_unix_socket_carries_it_too() throws Exception {
        Path path = folder.resolve("http.sock");
        try (RawServer server = RawServer.unix(path, RawServer.text(OK))) {
            CheckKind.Http http = new CheckKind.Http(
                    "http://shop.example/health", "GET", Map.of(), "", TlsOptions.DEFAULT, path.toString());
            assertThat(bench.run(check(http)))
                    .isEqualTo(ProbeResult.of(PASSING, "HTTP GET http://shop.example/health: 200 OK Output: hi"));
            assertThat(server.heads.get(0)).contains("host: shop.example\r\n");
        }
        CheckKind.Http gone = new CheckKind.Http(
                "http://x/",
                "GET",
                Map.of(),
                "",
                TlsOptions.DEFAULT,
                folder.resolve("gone").toString());
        assertThat(bench.run(check(gone)).output()).endsWith("no such file or directory");
    }

    @Test
    void a_certificate_of_the_given_authority_and_name_is_trusted() throws Exception {
        try (RawServer server = RawServer.tls(tls().serverContext(), RawServer.text(OK))) {
            Optional<String> authority = Optional.of(tls().authorityIn(folder));
            String url = "https://127.0.0.1:" + server.port() + "/";
            assertThat(bench.run(check(withTls(url, new TlsOptions(Optional.empty(), false, authority))))
                            .output())
                    .isEqualTo("HTTP GET " + url + ": 200 OK Output: hi");
            assertThat(bench.run(check(withTls(url, new TlsOptions(Optional.of("health.test"), false, authority))))
                            .status())
                    .isEqualTo(PASSING);
        }
    }

    @Test
    void a_certificate_that_is_not_trusted_or_of_another_name_is_critical_unless_that_is_skipped() throws Exception {
        try (RawServer server = RawServer.tls(tls().serverContext(), RawServer.text(OK))) {
            String url = "https://127.0.0.1:" + server.port() + "/";
            assertThat(bench.run(check(get(url))).output()).contains("TLS: unable to find valid certification path");
            Optional<String> authority = Optional.of(tls().authorityIn(folder));
            assertThat(bench.run(check(withTls(url, new TlsOptions(Optional.of("other.test"), false, authority))))
                            .output())
                    .contains("TLS: No subject alternative DNS name matching other.test found");
            assertThat(bench.run(check(withTls(url, new TlsOptions(Optional.of("other.test"), true, Optional.empty()))))
                            .status())
                    .isEqualTo(PASSING);
        }
    }

    @Test
    void a_trust_anchor_file_that_changes_is_read_again() throws Exception {
        Path file = folder.resolve("anchors.pem");
        TlsOptions options = new TlsOptions(Optional.empty(), false, Optional.of(file.toString()));
        try (RawServer server = RawServer.tls(tls().serverContext(), RawServer.text(OK))) {
            CheckDefinition check = check(withTls("https://127.0.0.1:" + server.port() + "/", options));
            assertThat(bench.run(check).output()).contains("CA file '" + file + "' cannot be read");
            Files.writeString(file, "no certificate");
            assertThat(bench.run(check).output()).contains("CA file '" + file + "' cannot be read");
            Files.copy(Path.of(tls().authorityIn(folder)), file, StandardCopyOption.REPLACE_EXISTING);
            // The clock of the file system may be coarser than this test is quick.
            Files.setLastModifiedTime(file, FileTime.fromMillis(1_000_000));
            assertThat(bench.run(check).status()).isEqualTo(PASSING);
        }
    }

    @Test
    void plain_text_where_tls_is_expected_is_critical() throws Exception {
        byte[] words = "HTTP/1.1 400 Bad Request\r\n\r\n".getBytes(StandardCharsets.UTF_8);
        try (RawServer server = RawServer.greeting(words)) {
            ProbeResult result = bench.run(check(get("https://127.0.0.1:" + server.port() + "/")));
            assertThat(result.status()).isEqualTo(CRITICAL);
            assertThat(result.output()).contains("TLS: ");
        }
    }

    @Test
    void no_answer_of_random_bytes_hurts_the_loop_or_passes() throws Exception {
        Property.forSeeds(50, random -> {
            byte[] bytes = Property.bytes(random, random.nextInt(2_000));
            assertThat(status((head, in, out) -> out.write(bytes))).isEqualTo(CRITICAL);
        });
        assertThat(ask(RawServer.text(OK)).status()).isEqualTo(PASSING);
    }
}
