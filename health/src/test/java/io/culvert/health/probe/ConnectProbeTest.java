package io.culvert.health.probe;

import static io.culvert.catalog.CheckStatus.CRITICAL;
import static io.culvert.catalog.CheckStatus.PASSING;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.culvert.health.CheckDefinition;
import io.culvert.health.CheckKind;
import io.culvert.health.Definitions;
import io.culvert.health.core.ProbeResult;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ConnectProbeTest {
    private final ProbeBench bench = new ProbeBench();

    @TempDir
    private Path folder = Path.of("/");

    @AfterEach
    void close() {
        bench.close();
    }

    private static CheckDefinition tcp(String host, int port) {
        return Definitions.of("c", new CheckKind.Tcp(host, port));
    }

    private static CheckDefinition unix(Path path) {
        return Definitions.of("c", new CheckKind.Unix(path.toString()));
    }

    private static CheckDefinition within(Duration timeout, CheckDefinition check) {
        return Definitions.timing(check, check.interval(), timeout);
    }

    private static ServerSocket listener(int backlog) throws IOException {
        return new ServerSocket(0, backlog, InetAddress.getByName("127.0.0.1"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1", "localhost"})
    void a_port_that_listens_is_passing(String host) throws IOException {
        try (ServerSocket server = listener(10)) {
            assertThat(bench.run(tcp(host, server.getLocalPort())))
                    .isEqualTo(
                            ProbeResult.of(PASSING, "TCP connect " + host + ":" + server.getLocalPort() + ": Success"));
        }
    }

    @Test
    void the_connection_is_closed_after_the_run() throws IOException {
        try (ServerSocket server = listener(10)) {
            bench.run(tcp("127.0.0.1", server.getLocalPort()));
            try (java.net.Socket accepted = server.accept()) {
                accepted.setSoTimeout(30_000);
                assertThat(accepted.getInputStream().read()).isEqualTo(-1);
            }
        }
    }

    @Test
    void a_name_is_tried_at_all_of_its_addresses() throws IOException {
        try (ServerSocket server = new ServerSocket(0, 10, InetAddress.getByName("::1"))) {
            assertThat(bench.run(tcp("::1", server.getLocalPort())).output())
                    .isEqualTo("TCP connect [::1]:" + server.getLocalPort() + ": Success");
            boolean both = InetAddress.getAllByName("localhost").length > 1;
            assertThat(bench.run(tcp("localhost", server.getLocalPort())).status())
                    .isEqualTo(both ? PASSING : CRITICAL);
        }
    }

    @Test
    void a_port_that_refuses_is_critical_with_the_reason() throws IOException {
        int port;
        try (ServerSocket server = listener(1)) {
            port = server.getLocalPort();
        }
        assertThat(bench.run(tcp("127.0.0.1", port)))
                .isEqualTo(ProbeResult.critical("TCP connect 127.0.0.1:" + port + ": connection refused"));
    }

    @Test
    void a_listener_that_does_not_accept_is_critical_when_the_time_is_over() throws IOException {
        List<SocketChannel> fillers = new ArrayList<>();
        try (ServerSocket server = listener(1)) {
            InetSocketAddress address = (InetSocketAddress) server.getLocalSocketAddress();
            for (int i = 0; i < 8; i++) {
                SocketChannel filler = SocketChannel.open();
                fillers.add(filler);
                filler.configureBlocking(false);
                boolean connectedAtOnce = filler.connect(address);
                assertThat(connectedAtOnce || filler.isConnectionPending()).isTrue();
            }
            ProbeResult result = bench.run(within(Duration.ofMillis(400), tcp("127.0.0.1", address.getPort())));
            assertThat(result.status()).isEqualTo(CRITICAL);
            assertThat(result.output())
                    .matches("TCP connect 127.0.0.1:\\d+: "
                            + "(timed out after 400ms while connecting|no answer to the connection request)");
        } finally {
            for (SocketChannel filler : fillers) {
                filler.close();
            }
        }
    }

    @Test
    void a_name_that_does_not_exist_is_critical_and_named() {
        ProbeResult result = bench.run(tcp("no-such-host.invalid", 80));
        assertThat(result.status()).isEqualTo(CRITICAL);
        assertThat(result.output()).contains("host 'no-such-host.invalid' cannot be resolved");
    }

    @Test
    void a_port_that_cannot_be_is_critical_and_named() {
        assertThat(bench.run(tcp("127.0.0.1", 70_000)).output())
                .contains("70000")
                .contains("1 to 65535");
    }

    @Test
    void a_unix_socket_that_listens_is_passing() throws IOException {
        Path path = folder.resolve("s");
        try (ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            server.bind(UnixDomainSocketAddress.of(path));
            assertThat(bench.run(unix(path))).isEqualTo(ProbeResult.of(PASSING, "UNIX connect " + path + ": Success"));
        }
    }

    @Test
    void a_unix_socket_that_is_missing_stale_or_no_socket_is_critical_with_the_reason() throws IOException {
        Path missing = folder.resolve("missing");
        assertThat(bench.run(unix(missing)))
                .isEqualTo(ProbeResult.critical("UNIX connect " + missing + ": no such file or directory"));
        Path stale = folder.resolve("stale");
        try (ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            server.bind(UnixDomainSocketAddress.of(stale));
        }
        assertThat(bench.run(unix(stale)))
                .isEqualTo(ProbeResult.critical("UNIX connect " + stale + ": connection refused"));
        Path file = Files.createFile(folder.resolve("file"));
        assertThat(bench.run(unix(file)))
                .isEqualTo(ProbeResult.critical("UNIX connect " + file + ": connection refused"));
    }

    @Test
    void a_unix_listener_whose_queue_is_full_for_a_moment_is_waited_for() throws IOException {
        Path path = folder.resolve("full");
        List<SocketChannel> fillers = new ArrayList<>();
        try (ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            server.bind(UnixDomainSocketAddress.of(path), 1);
            fill(path, fillers);
            ProbeResult full = bench.run(within(Duration.ofMillis(300), unix(path)));
            assertThat(full.output())
                    .isEqualTo("UNIX connect " + path
                            + ": timed out after 300ms while waiting for room in the listener's queue");
            CompletableFuture<ProbeResult> waiting = bench.start(within(Duration.ofSeconds(30), unix(path)));
            for (int i = 0; i < fillers.size(); i++) {
                server.accept().close();
            }
            assertThat(waiting.join().status()).isEqualTo(PASSING);
        } finally {
            for (SocketChannel filler : fillers) {
                filler.close();
            }
        }
    }

    private static void fill(Path path, List<SocketChannel> fillers) throws IOException {
        for (int i = 0; i < 2; i++) {
            fillers.add(SocketChannel.open(UnixDomainSocketAddress.of(path)));
        }
    }

    @Test
    void a_path_that_is_too_long_is_critical_and_says_the_limit() {
        ProbeResult result = bench.run(unix(Path.of("/" + "x".repeat(108))));
        assertThat(result.status()).isEqualTo(CRITICAL);
        assertThat(result.output()).contains("107 bytes");
    }

    @Test
    void a_cancelled_run_closes_its_connection_and_says_nothing() throws IOException {
        try (RawServer server =
                RawServer.tcp((head, in, out) -> in.transferTo(java.io.OutputStream.nullOutputStream()))) {
            CompletableFuture<ProbeResult> result = new CompletableFuture<>();
            CheckKind.Http http = HttpProbeTest.get(server.url("/"));
            RunningProbe run =
                    bench.probes.start(within(Duration.ofSeconds(30), Definitions.of("c", http)), result::complete);
            await().atMost(Duration.ofSeconds(30)).until(() -> server.heads.size() == 1);
            run.cancel();
            bench.loops.next().submit(() -> {}).syncUninterruptibly();
            assertThat(result).isNotDone();
        } catch (IOException e) {
            throw e;
        } catch (Exception e) {
            throw new IllegalStateException("the test's server did not close", e);
        }
    }
}
