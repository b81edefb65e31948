package io.culvert.agent.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.culvert.testbed.kit.Property;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What comes in over the wire: bounds, order, who may, and what hostile or slow clients get. */
class SocketsTest {
    private static final String HOST = " HTTP/1.1\r\nHost: localhost\r\n";
    private static final String LAST = HOST + "Connection: close\r\n\r\n";
    private static final HttpApiSettings.Limits TIGHT = new HttpApiSettings.Limits(
            6, 4, 2_048, 1_024, Duration.ofMillis(300), Duration.ofMillis(600), Duration.ofSeconds(5), 10);

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
    void pipelined_requests_are_answered_in_order() throws Exception {
        String answers = api.raw("GET /v1/status/leader" + HOST + "\r\n" + "GET /v1/catalog/datacenters" + HOST + "\r\n"
                + "GET /v1/nonsense" + HOST + "\r\n" + "GET /v1/status/peers" + LAST);

        int leader = answers.indexOf("\"127.0.0.1:8443\"");
        int datacenters = answers.indexOf("[\"dc1\"]");
        int unknown = answers.indexOf("404 Not Found");
        int peers = answers.indexOf("[\"127.0.0.1:8443\"]");
        assertThat(List.of(leader, datacenters, unknown, peers)).isSorted().doesNotContain(-1);
    }

    @Test
    void a_pipelined_request_waits_for_the_blocked_one_before_it() throws Exception {
        long index = api.index("/v1/catalog/nodes");

        String answers = api.raw(
                "GET /v1/catalog/nodes?wait=50ms&index=" + index + HOST + "\r\n" + "GET /v1/status/leader" + LAST);

        assertThat(answers.indexOf("\"Node\":\"n1\"")).isPositive().isLessThan(answers.indexOf("8443\""));
    }

    @Test
    void requests_cut_anywhere_are_put_together() throws Exception {
        String request = "PUT /v1/agent/service/register" + HOST
                + "Connection: close\r\nContent-Length: 26\r\n\r\n{\"Name\":\"web\",\"Port\":8080}";
        try (Socket socket = api.connect()) {
            socket.setTcpNoDelay(true);
            OutputStream out = socket.getOutputStream();
            for (byte b : request.getBytes(StandardCharsets.US_ASCII)) {
                out.write(b);
                out.flush();
            }
            assertThat(RunningApi.readAll(socket.getInputStream())).startsWith("HTTP/1.1 200");
        }
        assertThat(api.json("/v1/agent/services").has("web")).isTrue();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void the_beginning_of_a_next_request_does_not_hold_up_the_answer(boolean byByte) throws Exception {
        String request = "PUT /v1/agent/service/register" + HOST
                + "Connection: close\r\nContent-Length: 26\r\n\r\n{\"Name\":\"web\",\"Port\":8080}GET";
        try (Socket socket = api.connect()) {
            socket.setTcpNoDelay(true);
            OutputStream out = socket.getOutputStream();
            if (byByte) {
                for (byte b : request.getBytes(StandardCharsets.US_ASCII)) {
                    out.write(b);
                    out.flush();
                }
            } else {
                out.write(request.getBytes(StandardCharsets.US_ASCII));
            }
            byte[] first = socket.getInputStream().readNBytes("HTTP/1.1 200".length());
            assertThat(new String(first, StandardCharsets.US_ASCII)).isEqualTo("HTTP/1.1 200");
        }
    }

    @Test
    void a_client_that_half_closes_gets_its_answer() throws Exception {
        try (Socket socket = api.connect()) {
            socket.getOutputStream()
                    .write(("GET /v1/status/leader" + HOST + "\r\n").getBytes(StandardCharsets.US_ASCII));
            socket.shutdownOutput();
            assertThat(RunningApi.readAll(socket.getInputStream())).contains("\"127.0.0.1:8443\"");
        }
    }

    @Test
    void head_is_get_without_the_body() throws Exception {
        String head = api.raw("HEAD /v1/catalog/datacenters" + LAST);
        String get = api.raw("GET /v1/catalog/datacenters" + LAST);

        assertThat(head).contains("content-length: 7").endsWith("\r\n\r\n");
        assertThat(get).contains("content-length: 7").endsWith("[\"dc1\"]");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        GET /v1/agent/self%zz HTTP/1.1                | 400
        GET /v1/agent/%00 HTTP/1.1                    | 400
        GET /v1/agent/%ff HTTP/1.1                    | 400
        GET /v1/catalog/nodes?index=%zz HTTP/1.1      | 500
        GET nonsense HTTP/1.1                         | 400
        BREW /v1/agent/self HTTP/1.1                  | 405
        GET /v1/agent/self SPDY/9                     | 400
        nonsense                                      | 400
        """)
    void malformed_requests_are_answered_and_survived(String line, int status) throws Exception {
        assertThat(api.raw(line + "\r\nHost: localhost\r\nConnection: close\r\n\r\n"))
                .startsWith("HTTP/1.1 " + status);
        assertThat(api.get("/v1/status/leader").statusCode()).isEqualTo(200);
    }

    @Test
    void a_host_header_is_needed_once() throws Exception {
        assertThat(api.raw("GET /v1/status/leader HTTP/1.1\r\nConnection: close\r\n\r\n"))
                .startsWith("HTTP/1.1 400");
        assertThat(api.raw("GET /v1/status/leader HTTP/1.1\r\nHost: localhost\r\nHost: localhost\r\n\r\n"))
                .startsWith("HTTP/1.1 400");
        assertThat(api.raw("GET /v1/status/leader HTTP/1.0\r\n\r\n")).contains(" 200 OK");
    }

    @Test
    void random_bytes_never_break_it() throws Exception {
        Property.forSeeds(40, random -> {
            byte[] bytes = Property.bytes(random, random.nextInt(1, 600));
            if (random.nextBoolean()) {
                byte[] good = ("PUT /v1/agent/check/update/x" + HOST
                                + "Content-Length: 20\r\n\r\n{\"Status\":\"passing\"}")
                        .getBytes(StandardCharsets.US_ASCII);
                good[random.nextInt(good.length)] = bytes[0];
                bytes = good;
            }
            try (Socket socket = api.connect()) {
                socket.getOutputStream().write(bytes);
                socket.shutdownOutput();
                assertThat(RunningApi.readAll(socket.getInputStream()))
                        .satisfiesAnyOf(
                                answer -> assertThat(answer).isEmpty(),
                                answer -> assertThat(answer).startsWith("HTTP/1.1 "));
            } catch (IOException e) {
                assertThat(e).hasMessageContaining("Connection reset");
            }
        });
        assertThat(api.get("/v1/status/leader").statusCode()).isEqualTo(200);
    }

    @Test
    void too_much_is_refused_with_a_sentence() throws Exception {
        try (RunningApi tight = tight()) {
            String body = tight.raw(
                    "PUT /v1/agent/service/register" + HOST + "Content-Length: 3000\r\n\r\n" + "x".repeat(3_000));
            assertThat(body).startsWith("HTTP/1.1 413").contains("larger than 2048 bytes");
            String chunked = tight.raw("PUT /v1/agent/service/register" + HOST + "Transfer-Encoding: chunked\r\n\r\n"
                    + ("400\r\n" + "x".repeat(1_024) + "\r\n").repeat(3));
            assertThat(chunked).startsWith("HTTP/1.1 413");
            assertThat(tight.raw("GET /v1/agent/self" + HOST + "X: " + "x".repeat(2_000) + "\r\n\r\n"))
                    .startsWith("HTTP/1.1 431");
            assertThat(tight.raw("GET /v1/" + "x".repeat(2_000) + LAST)).startsWith("HTTP/1.1 414");
            assertThat(tight.get("/metrics").body()).contains("culvert_http_refused_total{reason=\"too_large\"} 4.0");
        }
    }

    @Test
    void a_slow_request_is_ended_and_so_is_a_silent_connection() throws Exception {
        try (RunningApi tight = tight();
                Socket slow = tight.connect();
                Socket silent = tight.connect()) {
            slow.getOutputStream().write("GET /v1/status/le".getBytes(StandardCharsets.US_ASCII));

            assertThat(RunningApi.readAll(slow.getInputStream())).startsWith("HTTP/1.1 408");
            assertThat(RunningApi.readAll(silent.getInputStream())).isEmpty();
            assertThat(tight.get("/metrics").body()).contains("culvert_http_refused_total{reason=\"too_slow\"} 1.0");
        }
    }

    @Test
    void one_client_cannot_take_all_connections() throws Exception {
        try (RunningApi tight = tight()) {
            List<Socket> held = new ArrayList<>();
            try {
                for (int i = 0; i < 8; i++) {
                    held.add(tight.connect());
                }
                int refused = 0;
                for (Socket socket : held) {
                    refused += isClosedAtOnce(socket) ? 1 : 0;
                }
                assertThat(refused).isGreaterThanOrEqualTo(4);
                assertThat(unix(tight.socket, "GET /metrics" + LAST))
                        .contains("culvert_http_refused_total{reason=\"too_many_of_one_client\"}");
            } finally {
                for (Socket socket : held) {
                    socket.close();
                }
            }
            await().until(() -> unix(tight.socket, "GET /metrics" + LAST).contains("culvert_http_connections 1.0"));
        }
    }

    /** Within the idle time: a refused one is closed without waiting for it. */
    private static boolean isClosedAtOnce(Socket socket) throws IOException {
        socket.setSoTimeout(100);
        try {
            return socket.getInputStream().read() < 0;
        } catch (java.net.SocketTimeoutException e) {
            return false;
        } catch (java.net.SocketException e) {
            return true;
        }
    }

    @Test
    void long_answers_are_compressed_for_who_wants_it() throws Exception {
        for (int i = 0; i < 50; i++) {
            api.put("/v1/agent/service/register", "{\"Name\":\"service-" + i + "\",\"Port\":1}");
        }
        String raw = api.raw("GET /v1/agent/services HTTP/1.1\r\n"
                + "Host: localhost\r\n"
                + "Accept-Encoding: gzip\r\n"
                + "Connection: close\r\n\r\n");
        int body = raw.indexOf("\r\n\r\n") + 4;

        assertThat(raw.substring(0, body)).contains("Content-Encoding: gzip");
        try (InputStream plain = new GZIPInputStream(
                new ByteArrayInputStream(raw.substring(body).getBytes(StandardCharsets.ISO_8859_1)))) {
            assertThat(new String(plain.readAllBytes(), StandardCharsets.UTF_8))
                    .isEqualTo(api.get("/v1/agent/services").body());
        }
        assertThat(api.raw("GET /v1/status/leader HTTP/1.1\r\n"
                        + "Host: localhost\r\n"
                        + "Accept-Encoding: gzip\r\n"
                        + "Connection: close\r\n\r\n"))
                .doesNotContain("Content-Encoding");
        assertThat(api.raw("GET /v1/agent/services HTTP/1.1\r\n"
                        + "Host: localhost\r\n"
                        + "Accept-Encoding: gzip;q=0\r\n"
                        + "Connection: close\r\n\r\n"))
                .doesNotContain("Content-Encoding");
    }

    @Test
    void writes_over_tcp_are_for_root_and_the_agent_only() {
        api.callerUid = OptionalInt.of(1_000);
        HttpResponse<String> refused = api.put("/v1/agent/service/register", "{\"Name\":\"web\"}");
        assertThat(refused.statusCode()).isEqualTo(403);
        assertThat(refused.body())
                .startsWith("Permission denied")
                .contains("you are uid 1000")
                .contains(api.socket.toString());
        assertThat(api.get("/v1/agent/services").body()).isEqualTo("{}");
        assertThat(api.get("/v1/culvert/join-token").statusCode()).isEqualTo(403);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 990})
    void root_and_the_agents_user_may_write(int uid) throws Exception {
        api.callerUid = OptionalInt.of(uid);
        assertThat(api.raw("PUT /v1/agent/service/register" + HOST
                        + "Connection: close\r\nContent-Length: 14\r\n\r\n{\"Name\":\"web\"}"))
                .startsWith("HTTP/1.1 200");
    }

    @Test
    void a_caller_who_cannot_be_found_out_may_not_write() {
        api.callerUid = OptionalInt.empty();
        assertThat(api.put("/v1/agent/reload", "").statusCode()).isEqualTo(403);
    }

    @Test
    void whoever_may_open_the_unix_socket_may_write() throws Exception {
        api.callerUid = OptionalInt.of(1_000);
        String answer = unix(
                api.socket,
                "PUT /v1/agent/service/register HTTP/1.1\r\n"
                        + "Host: anything.at.all\r\n"
                        + "Connection: close\r\n"
                        + "Content-Length: 14\r\n\r\n"
                        + "{\"Name\":\"web\"}");

        assertThat(answer).startsWith("HTTP/1.1 200");
        assertThat(Files.getPosixFilePermissions(api.socket)).isEqualTo(PosixFilePermissions.fromString("rw-rw----"));
    }

    @Test
    void the_sockets_mode_and_group_are_as_set() throws Exception {
        Path closed = directory.resolve("closed");
        try (RunningApi own = new RunningApi(closed, SocketsTest::forOwnerOnly)) {
            assertThat(Files.getPosixFilePermissions(own.socket))
                    .isEqualTo(PosixFilePermissions.fromString("rw-------"));
            assertThat(Files.getAttribute(own.socket, "unix:gid")).isEqualTo(1);
        }
    }

    private static HttpApiSettings forOwnerOnly(HttpApiSettings all) {
        return new HttpApiSettings(
                all.address(),
                all.socket(),
                Optional.of("1"),
                0600,
                all.writers(),
                all.agentUser(),
                all.hostNames(),
                all.limits(),
                all.defaultWait(),
                all.longestWait());
    }

    @ParameterizedTest
    @CsvSource({
        "localhost, 200",
        "localhost:8500, 200",
        "LOCALHOST., 200",
        "127.0.0.1:8500, 200",
        "127.64.3.9, 200",
        "[::1]:8500, 200",
        "consul.mesh, 200",
        "evil.example.com, 403",
        "127.0.0.1.evil.com, 403",
        "mesh, 403",
        "notmesh, 403",
        "10.0.0.1, 403",
        "xmesh.evil, 403"
    })
    void a_host_that_is_not_ours_is_refused_also_for_reads(String host, int status) throws Exception {
        String answer = api.raw("GET /v1/agent/self HTTP/1.1\r\nHost: " + host + "\r\nConnection: close\r\n\r\n");

        assertThat(answer).startsWith("HTTP/1.1 " + status);
    }

    @ParameterizedTest
    @CsvSource({
        "'', 200",
        "Origin: http://localhost:8500, 200",
        "Origin: http://evil.example, 403",
        "Origin: http://localhost:3000, 403",
        "Origin: null, 403",
        "Sec-Fetch-Site: same-origin, 200",
        "Sec-Fetch-Site: none, 200",
        "Sec-Fetch-Site: cross-site, 403",
        "Sec-Fetch-Site: same-site, 403"
    })
    void a_write_of_another_site_is_refused(String header, int status) throws Exception {
        String answer = api.raw("PUT /v1/agent/maintenance?enable=false HTTP/1.1\r\nHost: localhost:8500\r\n"
                + (header.isEmpty() ? "" : header + "\r\n") + "Connection: close\r\nContent-Length: 0\r\n\r\n");

        assertThat(answer).startsWith("HTTP/1.1 " + status);
    }

    @Test
    void a_stale_socket_is_replaced_but_never_a_file_or_a_living_agents() throws Exception {
        Path stale = directory.resolve("stale/run/culvert.sock");
        Files.createDirectories(stale.getParent());
        try (ServerSocketChannel dead = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            dead.bind(UnixDomainSocketAddress.of(stale));
        }
        try (RunningApi second = new RunningApi(directory.resolve("stale"))) {
            assertThat(unix(second.socket, "GET /v1/status/leader" + LAST)).startsWith("HTTP/1.1 200");
            assertThatThrownBy(() -> new RunningApi(directory.resolve("stale")))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("another agent answers there");
            assertThat(unix(second.socket, "GET /v1/status/leader" + LAST)).startsWith("HTTP/1.1 200");
        }
        assertThat(stale).doesNotExist();

        Files.writeString(stale, "precious");
        assertThatThrownBy(() -> new RunningApi(directory.resolve("stale")))
                .hasMessageContaining("there is a file that is no socket");
        assertThat(stale).hasContent("precious");
    }

    @Test
    void tcp_or_the_socket_can_be_off_and_what_is_off_is_not_shown() throws Exception {
        try (RunningApi own = new RunningApi(directory.resolve("no-tcp"), all -> doors(all, false, true))) {
            assertThat(own.api.sockets())
                    .containsExactly(StatusReport.Listener.listening("api", "unix://" + own.socket));
            assertThat(unix(own.socket, "GET /v1/status/leader" + LAST)).startsWith("HTTP/1.1 200");
        }
        try (RunningApi own = new RunningApi(directory.resolve("no-socket"), all -> doors(all, true, false))) {
            assertThat(own.api.sockets())
                    .containsExactly(StatusReport.Listener.listening(
                            "api", "127.0.0.1:" + own.address().getPort()));
            assertThat(own.socket).doesNotExist();
            own.callerUid = OptionalInt.of(1_000);
            assertThat(own.raw("PUT /v1/agent/maintenance?enable=false HTTP/1.1\r\nHost: localhost\r\n"
                            + "Connection: close\r\nContent-Length: 0\r\n\r\n"))
                    .startsWith("HTTP/1.1 403")
                    .contains("the UNIX socket is off: api.socket");
        }
    }

    private static HttpApiSettings doors(HttpApiSettings all, boolean tcp, boolean socket) {
        return new HttpApiSettings(
                all.address().filter(address -> tcp),
                all.socket().filter(path -> socket),
                all.socketGroup(),
                all.socketMode(),
                all.writers(),
                all.agentUser(),
                all.hostNames(),
                all.limits(),
                all.defaultWait(),
                all.longestWait());
    }

    @Test
    void a_socket_whose_file_is_gone_or_is_anothers_says_so_and_leaves_the_others_file_alone() throws Exception {
        Path socket;
        try (RunningApi own = new RunningApi(directory.resolve("lost"), all -> doors(all, false, true))) {
            socket = own.socket;
            Files.delete(socket);
            assertThat(own.api.sockets()).singleElement().satisfies(lost -> {
                assertThat(lost.state()).isEqualTo("failed");
                assertThat(lost.reason()).isEqualTo("the socket's file was removed");
                assertThat(lost.remedy()).startsWith("restart the agent");
            });

            Files.writeString(socket, "precious");
            assertThat(own.api.sockets()).singleElement().satisfies(lost -> {
                assertThat(lost.state()).isEqualTo("failed");
                assertThat(lost.reason()).isEqualTo("another file is in the place of the socket's");
            });
        }
        assertThat(socket).hasContent("precious");
    }

    @Test
    void it_never_listens_off_loopback() {
        assertThatThrownBy(() -> HttpApiSettings.of(new InetSocketAddress("0.0.0.0", 8500), Path.of("/x"), 0))
                .hasMessageContaining("expected: a loopback address");
        assertThatThrownBy(() -> HttpApiSettings.of(new InetSocketAddress("10.0.0.1", 8500), Path.of("/x"), 0))
                .hasMessageContaining("expected: a loopback address");
    }

    private RunningApi tight() throws IOException {
        return new RunningApi(directory.resolve("tight"), settings -> RunningApi.with(settings, TIGHT));
    }

    private static String unix(Path socket, String request) throws IOException {
        try (SocketChannel channel = SocketChannel.open(UnixDomainSocketAddress.of(socket))) {
            ByteBuffer bytes = ByteBuffer.wrap(request.getBytes(StandardCharsets.ISO_8859_1));
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
            return RunningApi.readAll(Channels.newInputStream(channel));
        }
    }
}
