package io.culvert.health.probe;

import static io.culvert.catalog.CheckStatus.CRITICAL;
import static io.culvert.catalog.CheckStatus.PASSING;
import static org.assertj.core.api.Assertions.assertThat;

import io.culvert.health.CheckDefinition;
import io.culvert.health.CheckKind;
import io.culvert.health.CheckKind.TlsOptions;
import io.culvert.health.Definitions;
import io.culvert.health.core.ProbeResult;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class GrpcProbeTest {
    private static final String SERVING = "00000000020801";

    private final ProbeBench bench = new ProbeBench();

    @TempDir
    private Path folder = Path.of("/");

    @AfterEach
    void close() {
        bench.close();
    }

    private static CheckDefinition check(int port, String service, Optional<TlsOptions> tls) {
        return within(Duration.ofSeconds(30), port, service, tls);
    }

    private static CheckDefinition within(Duration timeout, int port, String service, Optional<TlsOptions> tls) {
        return Definitions.timing(
                Definitions.of("g", new CheckKind.Grpc("127.0.0.1", port, service, tls)),
                Duration.ofSeconds(10),
                timeout);
    }

    @Test
    void a_serving_server_is_passing() throws Exception {
        try (GrpcServer server = new GrpcServer(bench.loops, null, GrpcServer.message(SERVING))) {
            assertThat(bench.run(check(server.port(), "", Optional.empty())))
                    .isEqualTo(ProbeResult.of(PASSING, "gRPC check 127.0.0.1:" + server.port() + ": success"));
            assertThat(server.bodies).containsExactly("0000000000");
        }
    }

    @Test
    void the_call_is_the_one_of_the_health_protocol() throws Exception {
        try (GrpcServer server = new GrpcServer(bench.loops, null, GrpcServer.message(SERVING))) {
            ProbeResult result = bench.run(check(server.port(), "shop", Optional.empty()));
            assertThat(result.output()).isEqualTo("gRPC check 127.0.0.1:" + server.port() + "/shop: success");
            assertThat(server.bodies).containsExactly("00000000060a0473686f70");
            assertThat(server.calls).singleElement().satisfies(headers -> {
                assertThat(headers.method()).hasToString("POST");
                assertThat(headers.path()).hasToString("/grpc.health.v1.Health/Check");
                assertThat(headers.scheme()).hasToString("http");
                assertThat(headers.authority()).hasToString("127.0.0.1:" + server.port());
                assertThat(headers.get("content-type")).hasToString("application/grpc");
                assertThat(headers.get("te")).hasToString("trailers");
                assertThat(headers.get("user-agent")).hasToString("Culvert Health Check");
            });
        }
    }

    static Stream<Arguments> failures() {
        return Stream.of(
                Arguments.of(GrpcServer.message("00000000020802"), "serving status NOT_SERVING"),
                Arguments.of(GrpcServer.message("0000000000"), "serving status UNKNOWN"),
                Arguments.of(GrpcServer.message("00000000020803"), "serving status SERVICE_UNKNOWN"),
                Arguments.of(GrpcServer.message("00000000020809"), "serving status 9"),
                Arguments.of(GrpcServer.message("0000000002"), "the answer is no health message"),
                Arguments.of(
                        GrpcServer.trailersOnly(
                                ":status", "200", "grpc-status", "12", "grpc-message", "unknown service"),
                        "rpc error: code = Unimplemented desc = unknown service"),
                Arguments.of(
                        GrpcServer.trailersOnly(":status", "200", "grpc-status", "5"),
                        "rpc error: code = NotFound desc = "),
                Arguments.of(
                        GrpcServer.trailersOnly(":status", "200", "grpc-status", "77"),
                        "rpc error: code = Code(77) desc = "),
                Arguments.of(GrpcServer.trailersOnly(":status", "200"), "no gRPC status in the answer"),
                Arguments.of(
                        GrpcServer.trailersOnly(":status", "404"),
                        "HTTP status 404 (expected: a gRPC server, which answers 200)"),
                Arguments.of(GrpcServer.reset(), "stream reset by the server (ENHANCE_YOUR_CALM)"),
                Arguments.of(
                        (GrpcServer.Answer) stream -> stream.channel().parent().close(),
                        "connection closed before an answer"),
                Arguments.of(
                        (GrpcServer.Answer) stream -> {
                            GrpcServer.headers(stream, false, ":status", "200");
                            GrpcServer.data(stream, SERVING, true);
                        },
                        "stream ended without a gRPC status"),
                Arguments.of(
                        (GrpcServer.Answer) stream -> {
                            GrpcServer.headers(stream, false, ":status", "200");
                            GrpcServer.data(stream, "00".repeat(2_000), false);
                        },
                        "answer of more than 1024 bytes (expected: a health answer)"));
    }

    @ParameterizedTest
    @MethodSource("failures")
    void everything_else_is_critical_with_the_reason(GrpcServer.Answer answer, String reason) throws Exception {
        try (GrpcServer server = new GrpcServer(bench.loops, null, answer)) {
            assertThat(bench.run(check(server.port(), "", Optional.empty())))
                    .isEqualTo(ProbeResult.critical("gRPC check 127.0.0.1:" + server.port() + ": " + reason));
        }
    }

    @Test
    void an_answer_in_pieces_is_put_together() throws Exception {
        GrpcServer.Answer pieces = stream -> {
            GrpcServer.headers(stream, false, ":status", "200");
            GrpcServer.data(stream, "000000", false);
            GrpcServer.data(stream, "0002", false);
            GrpcServer.data(stream, "0801", false);
            GrpcServer.headers(stream, true, "grpc-status", "0");
        };
        try (GrpcServer server = new GrpcServer(bench.loops, null, pieces)) {
            assertThat(bench.run(check(server.port(), "", Optional.empty())).status())
                    .isEqualTo(PASSING);
        }
    }

    @Test
    void a_server_that_does_not_answer_is_critical_when_the_time_is_over() throws Exception {
        try (GrpcServer server = new GrpcServer(bench.loops, null, stream -> {})) {
            assertThat(bench.run(within(Duration.ofMillis(300), server.port(), "", Optional.empty()))
                            .output())
                    .endsWith("timed out after 300ms while waiting for the answer");
        }
    }

    @Test
    void tls_is_spoken_and_verified_as_declared() throws Exception {
        TestTls tls = TestTls.make(folder);
        Optional<String> authority = Optional.of(tls.authorityIn(folder));
        try (GrpcServer server = new GrpcServer(bench.loops, tls, GrpcServer.message(SERVING))) {
            TlsOptions trusting = new TlsOptions(Optional.empty(), false, authority);
            assertThat(bench.run(check(server.port(), "", Optional.of(trusting)))
                            .status())
                    .isEqualTo(PASSING);
            assertThat(server.calls.get(0).scheme()).hasToString("https");
            assertThat(bench.run(check(server.port(), "", Optional.of(TlsOptions.DEFAULT)))
                            .output())
                    .contains("TLS: unable to find valid certification path");
            TlsOptions otherName = new TlsOptions(Optional.of("other.test"), false, authority);
            assertThat(bench.run(check(server.port(), "", Optional.of(otherName)))
                            .output())
                    .contains("No subject alternative DNS name matching other.test");
            TlsOptions careless = new TlsOptions(Optional.of("other.test"), true, Optional.empty());
            assertThat(bench.run(check(server.port(), "", Optional.of(careless)))
                            .status())
                    .isEqualTo(PASSING);
        }
    }

    @Test
    void a_server_of_http_1_is_critical() throws Exception {
        try (RawServer server = RawServer.tcp(RawServer.text("HTTP/1.1 400 Bad Request\r\n\r\n"))) {
            ProbeResult result = bench.run(check(server.port(), "", Optional.empty()));
            assertThat(result.status()).isEqualTo(CRITICAL);
        }
    }
}
