package io.culvert.proxy;

import static io.culvert.proxy.testing.Sockets.async;
import static io.culvert.proxy.testing.Sockets.readAll;
import static io.culvert.proxy.testing.Sockets.readExactly;
import static io.culvert.proxy.testing.Sockets.reset;
import static io.culvert.proxy.testing.Sockets.writeAll;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.culvert.proxy.testing.Sockets;
import io.culvert.proxy.testing.TestApp;
import io.culvert.proxy.testing.TestHost;
import io.culvert.proxy.testing.TestMesh;
import io.culvert.testbed.kit.Property;
import java.io.IOException;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Real sockets and real TLS: a caller on one host, an application on another. */
@Timeout(60)
class ThroughTwoAgentsTest {
    private final SplittableRandom random = new SplittableRandom();
    private TestMesh mesh = new TestMesh();

    @TempDir
    Path directory = Path.of(".");

    @BeforeEach
    void allow() {
        mesh.intentions().allow("*", "*");
    }

    @AfterEach
    void close() {
        mesh.close();
    }

    private record Pair(TestHost app, TestHost db) {}

    private Pair hosts(TestApp application) throws IOException {
        TestHost db = mesh.host("db").serve("mysql", application);
        TestHost app = mesh.host("app");
        awaitListening(app, "mysql", application.port());
        return new Pair(app, db);
    }

    private static void awaitListening(TestHost host, String service, int port) {
        await().atMost(10, SECONDS)
                .until(() -> host.proxy().status().listeners().stream()
                        .anyMatch(one -> one.destination().text().equals(service)
                                && one.bind().endsWith(":" + port)
                                && one.state() == ListenerStatus.State.LISTENING));
    }

    @Test
    void what_a_caller_sends_comes_back_whole_after_it_has_ended() throws Exception {
        try (TestApp echo = TestApp.tcp(TestApp.ECHO)) {
            Pair hosts = hosts(echo);
            byte[] sent = Property.bytes(random, 5_000_000);
            try (SocketChannel caller = hosts.app().call("mysql", echo.port())) {
                CompletableFuture<byte[]> received = async(() -> readAll(caller));
                writeAll(caller, sent);
                caller.shutdownOutput();
                assertThat(received.get(30, SECONDS)).isEqualTo(sent);
            }
            await().atMost(5, SECONDS)
                    .until(() -> hosts.app().streams().ended().size() == 1
                            && hosts.db().streams().ended().size() == 1);
            for (TestHost host : List.of(hosts.app(), hosts.db())) {
                StreamEnd end = host.streams().ended().get(0).end();
                assertThat(end.reason()).isEqualTo(CloseReason.OK);
                assertThat(end.bytesOut()).isEqualTo(sent.length);
                assertThat(end.bytesIn()).isEqualTo(sent.length);
            }
            assertThat(hosts.app().streams().started().get(0).traceId())
                    .isEqualTo(hosts.db().streams().started().get(0).traceId());
        }
    }

    @Test
    void unix_sockets_at_both_ends_carry_the_same() throws Exception {
        try (TestApp echo = TestApp.unix(directory.resolve("db.sock"), TestApp.ECHO)) {
            mesh.host("db").serve("mysql", echo.endpoint(), 0);
            Path socket = directory.resolve("local.sock");
            mesh.host("app")
                    .caller("shop")
                    .upstream(
                            "shop",
                            "mysql",
                            new Upstream.UnixBind(
                                    socket.toString(), Optional.of(0600), Optional.empty(), Optional.empty()));
            byte[] sent = Property.bytes(random, 3_000_000);
            try (SocketChannel caller = Sockets.unix(socket)) {
                CompletableFuture<byte[]> received = async(() -> readAll(caller));
                writeAll(caller, sent);
                caller.shutdownOutput();
                assertThat(received.get(30, SECONDS)).isEqualTo(sent);
            }
        }
    }

    @Test
    void an_application_that_ends_first_still_hears_its_caller() throws Exception {
        byte[] question = Property.bytes(random, 300_000);
        byte[] answer = Property.bytes(random, 200_000);
        CompletableFuture<byte[]> heard = new CompletableFuture<>();
        try (TestApp talker = TestApp.tcp(caller -> {
            writeAll(caller, answer);
            caller.shutdownOutput();
            heard.complete(readAll(caller));
        })) {
            Pair hosts = hosts(talker);
            try (SocketChannel caller = hosts.app().call("mysql", talker.port())) {
                assertThat(readAll(caller)).isEqualTo(answer);
                writeAll(caller, question);
                caller.shutdownOutput();
                assertThat(heard.get(20, SECONDS)).isEqualTo(question);
            }
            await().atMost(5, SECONDS)
                    .until(() -> hosts.app().streams().reasons().equals(List.of(CloseReason.OK)));
        }
    }

    @Test
    void a_callers_reset_reaches_the_application_as_a_reset() throws Exception {
        CompletableFuture<IOException> broke = new CompletableFuture<>();
        try (TestApp application = TestApp.tcp(caller -> {
            writeAll(caller, new byte[] {1});
            try {
                readAll(caller);
                broke.complete(new IOException("ended well"));
            } catch (IOException e) {
                broke.complete(e);
            }
        })) {
            Pair hosts = hosts(application);
            SocketChannel caller = hosts.app().call("mysql", application.port());
            readExactly(caller, 1);
            writeAll(caller, new byte[100]);
            reset(caller);
            assertThat(broke.get(10, SECONDS)).hasMessageContaining("reset");
            await().atMost(5, SECONDS)
                    .until(() -> hosts.db().streams().reasons().equals(List.of(CloseReason.CLIENT_RESET))
                            && hosts.app().streams().reasons().equals(List.of(CloseReason.CLIENT_RESET)));
        }
    }

    @Test
    void an_applications_reset_reaches_the_caller_as_a_reset() throws Exception {
        try (TestApp application = TestApp.tcp(caller -> {
            readExactly(caller, 1);
            reset(caller);
        })) {
            Pair hosts = hosts(application);
            try (SocketChannel caller = hosts.app().call("mysql", application.port())) {
                writeAll(caller, new byte[] {1});
                assertThatThrownBy(() -> readAll(caller)).isInstanceOf(IOException.class);
            }
            await().atMost(5, SECONDS)
                    .until(() -> hosts.app().streams().reasons().equals(List.of(CloseReason.SERVER_RESET)));
        }
    }

    @Test
    void without_an_intention_nobody_reaches_the_application() throws Exception {
        mesh.intentions().deny("*", "*");
        try (TestApp echo = TestApp.tcp(TestApp.ECHO)) {
            Pair hosts = hosts(echo);
            for (int i = 0; i < 20; i++) {
                try (SocketChannel caller = hosts.app().call("mysql", echo.port())) {
                    assertThatThrownBy(() -> readAll(caller)).isInstanceOf(IOException.class);
                }
            }
            await().atMost(5, SECONDS).until(() -> hosts.app().streams().ended().size() == 20);
            assertThat(hosts.app().streams().reasons()).containsOnly(CloseReason.DENIED);
            assertThat(hosts.db().streams().reasons()).containsOnly(CloseReason.DENIED);
            assertThat(echo.accepts()).isZero();
        }
    }

    @Test
    void a_live_stream_is_cut_when_its_intention_turns_to_deny() throws Exception {
        try (TestApp echo = TestApp.tcp(TestApp.ECHO)) {
            Pair hosts = hosts(echo);
            try (SocketChannel caller = hosts.app().call("mysql", echo.port())) {
                writeAll(caller, new byte[] {7});
                assertThat(readExactly(caller, 1)).containsExactly(7);
                CompletableFuture<byte[]> rest = async(() -> readAll(caller));
                mesh.intentions().deny("host/app", "mysql");
                assertThat(rest).failsWithin(5, SECONDS);
            }
            await().atMost(5, SECONDS)
                    .until(() -> hosts.db().streams().reasons().equals(List.of(CloseReason.DENIED_LATE))
                            && hosts.app().streams().reasons().equals(List.of(CloseReason.DENIED_LATE)));
        }
    }

    @Test
    void a_dead_instance_is_passed_over_before_a_byte_is_sent() throws Exception {
        try (TestApp echo = TestApp.tcp(TestApp.ECHO);
                TestApp dead = TestApp.tcp(TestApp.ECHO)) {
            dead.close();
            mesh.host("dead").serve("mysql", dead.endpoint(), echo.port());
            TestHost gone = mesh.host("gone").serve("mysql", dead.endpoint(), echo.port());
            gone.vanish();
            Pair hosts = hosts(echo);
            for (int i = 0; i < 12; i++) {
                byte[] sent = Property.bytes(random, 1_000);
                try (SocketChannel caller = hosts.app().call("mysql", echo.port())) {
                    writeAll(caller, sent);
                    caller.shutdownOutput();
                    assertThat(readAll(caller)).isEqualTo(sent);
                }
            }
            assertThat(echo.accepts()).isEqualTo(12);
        }
    }

    @Test
    void a_service_without_instance_fails_fast_and_says_why() throws Exception {
        try (TestApp echo = TestApp.tcp(TestApp.ECHO)) {
            Pair hosts = hosts(echo);
            hosts.db().check("mysql", io.culvert.catalog.CheckStatus.CRITICAL);
            try (SocketChannel caller = hosts.app().call("mysql", echo.port())) {
                assertThatThrownBy(() -> readAll(caller)).isInstanceOf(IOException.class);
            }
            await().atMost(5, SECONDS).until(() -> hosts.app().streams().ended().size() == 1);
            StreamEnd end = hosts.app().streams().ended().get(0).end();
            assertThat(end.reason()).isEqualTo(CloseReason.NO_INSTANCE);
            assertThat(end.message()).contains("mysql-db on db is critical");
        }
    }

    @Test
    void streams_one_after_the_other_share_a_connection() throws Exception {
        try (TestApp echo = TestApp.tcp(TestApp.ECHO)) {
            Pair hosts = hosts(echo);
            for (int i = 0; i < 40; i++) {
                byte[] sent = Property.bytes(random, 10_000);
                try (SocketChannel caller = hosts.app().call("mysql", echo.port())) {
                    writeAll(caller, sent);
                    caller.shutdownOutput();
                    assertThat(readAll(caller)).isEqualTo(sent);
                }
            }
            ProxyStatus.TunnelCounts counts = hosts.app().proxy().status().tunnels();
            assertThat(counts.hits() + counts.misses()).isEqualTo(40);
            assertThat(counts.misses()).isLessThan(12);
        }
    }

    @Test
    void many_streams_at_once_never_mix() throws Exception {
        try (TestApp echo = TestApp.tcp(TestApp.ECHO)) {
            Pair hosts = hosts(echo);
            List<CompletableFuture<Integer>> calls = new ArrayList<>();
            for (int thread = 0; thread < 8; thread++) {
                SplittableRandom own = random.split();
                calls.add(async(() -> {
                    for (int i = 0; i < 15; i++) {
                        byte[] sent = Property.bytes(own, 1 + own.nextInt(200_000));
                        try (SocketChannel caller = hosts.app().call("mysql", echo.port())) {
                            CompletableFuture<byte[]> received = async(() -> readAll(caller));
                            writeAll(caller, sent);
                            caller.shutdownOutput();
                            assertThat(received.join()).isEqualTo(sent);
                        }
                    }
                    return 15;
                }));
            }
            for (CompletableFuture<Integer> call : calls) {
                assertThat(call.get(50, SECONDS)).isEqualTo(15);
            }
            await().atMost(5, SECONDS).until(() -> hosts.app().streams().ended().size() == 120);
            assertThat(hosts.app().streams().reasons()).containsOnly(CloseReason.OK);
        }
    }

    @Test
    void a_slow_reader_gets_everything_and_holds_up_nobody_else() throws Exception {
        byte[] answer = Property.bytes(random, 20_000_000);
        CompletableFuture<Boolean> written = new CompletableFuture<>();
        try (TestApp talker = TestApp.tcp(caller -> {
            if (readExactly(caller, 1)[0] == 1) {
                writeAll(caller, answer);
                written.complete(true);
            }
            caller.shutdownOutput();
            readAll(caller);
        })) {
            Pair hosts = hosts(talker);
            try (SocketChannel slow = hosts.app().call("mysql", talker.port())) {
                writeAll(slow, new byte[] {1});
                readExactly(slow, 1_000);
                try (SocketChannel other = hosts.app().call("mysql", talker.port())) {
                    writeAll(other, new byte[] {2});
                    other.shutdownOutput();
                    assertThat(readAll(other)).isEmpty();
                }
                assertThat(written).as("the application is held back").isNotDone();
                assertThat(readExactly(slow, answer.length - 1_000))
                        .isEqualTo(java.util.Arrays.copyOfRange(answer, 1_000, answer.length));
                slow.shutdownOutput();
                assertThat(readAll(slow)).isEmpty();
            }
        }
    }

    @Test
    void an_instance_of_the_same_host_is_reached_without_tls_but_not_without_permission() throws Exception {
        try (TestApp echo = TestApp.tcp(TestApp.ECHO)) {
            TestHost host = mesh.host("one").serve("mysql", echo);
            awaitListening(host, "mysql", echo.port());
            byte[] sent = Property.bytes(random, 2_000_000);
            try (SocketChannel caller = host.call("mysql", echo.port())) {
                CompletableFuture<byte[]> received = async(() -> readAll(caller));
                writeAll(caller, sent);
                caller.shutdownOutput();
                assertThat(received.get(20, SECONDS)).isEqualTo(sent);
            }
            try (SocketChannel caller = host.call("mysql", echo.port())) {
                writeAll(caller, new byte[] {7});
                readExactly(caller, 1);
                CompletableFuture<byte[]> rest = async(() -> readAll(caller));
                mesh.intentions().deny("host/one", "mysql");
                assertThat(rest).failsWithin(5, SECONDS);
            }
            try (SocketChannel caller = host.call("mysql", echo.port())) {
                assertThatThrownBy(() -> readAll(caller)).isInstanceOf(IOException.class);
            }
            assertThat(echo.accepts()).isEqualTo(2);
            await().atMost(5, SECONDS)
                    .until(() -> host.streams()
                            .reasons()
                            .equals(List.of(CloseReason.OK, CloseReason.DENIED_LATE, CloseReason.DENIED)));
            assertThat(host.proxy().status().tunnels().misses()).isZero();
        }
    }

    @Test
    void a_new_certificate_takes_over_without_a_failed_stream() throws Exception {
        try (TestApp echo = TestApp.tcp(TestApp.ECHO)) {
            Pair hosts = hosts(echo);
            try (SocketChannel before = hosts.app().call("mysql", echo.port())) {
                writeAll(before, new byte[] {1});
                readExactly(before, 1);
                for (int i = 0; i < 10; i++) {
                    hosts.db()
                            .certificates()
                            .put(
                                    "mysql",
                                    mesh.authority().issue(mesh.authority().service("mysql")));
                    try (SocketChannel caller = hosts.app().call("mysql", echo.port())) {
                        writeAll(caller, new byte[] {2});
                        assertThat(readExactly(caller, 1)).containsExactly(2);
                    }
                }
                writeAll(before, new byte[] {3});
                assertThat(readExactly(before, 1)).containsExactly(3);
            }
        }
    }

    @Test
    void a_peer_whose_root_is_no_longer_trusted_is_cut() throws Exception {
        try (TestApp echo = TestApp.tcp(TestApp.ECHO)) {
            Pair hosts = hosts(echo);
            try (SocketChannel caller = hosts.app().call("mysql", echo.port())) {
                writeAll(caller, new byte[] {1});
                readExactly(caller, 1);
                CompletableFuture<byte[]> rest = async(() -> readAll(caller));
                hosts.db().certificates().trust(new io.culvert.proxy.testing.TestAuthority("test.culvert").bundle());
                assertThat(rest).failsWithin(5, SECONDS);
            }
            await().atMost(5, SECONDS)
                    .until(() -> hosts.db().streams().reasons().equals(List.of(CloseReason.REVOKED)));
        }
    }

    @Test
    void counters_move_while_a_stream_is_open() throws Exception {
        try (TestApp echo = TestApp.tcp(TestApp.ECHO)) {
            Pair hosts = hosts(echo);
            try (SocketChannel caller = hosts.app().call("mysql", echo.port())) {
                writeAll(caller, new byte[1_000]);
                readExactly(caller, 1_000);
                ProxyStatus status = hosts.app().proxy().status();
                assertThat(status.liveStreamCount()).isEqualTo(1);
                assertThat(status.liveStreams().get(0).bytesOut()).isEqualTo(1_000);
                assertThat(status.traffic()).hasSize(1);
                assertThat(status.traffic().get(0).bytesIn()).isEqualTo(1_000);
                assertThat(status.traffic().get(0).active()).isEqualTo(1);
            }
        }
    }
}
