package io.culvert.proxy;

import static io.culvert.proxy.testing.Sockets.readAll;
import static io.culvert.proxy.testing.Sockets.readExactly;
import static io.culvert.proxy.testing.Sockets.writeAll;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.culvert.catalog.ServiceName;
import io.culvert.proxy.testing.Sockets;
import io.culvert.proxy.testing.TestApp;
import io.culvert.proxy.testing.TestHost;
import io.culvert.proxy.testing.TestMesh;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The sockets on which callers of a host come, and who they are taken for. */
@Timeout(60)
class LocalSocketsTest {
    private final TestMesh mesh = new TestMesh();
    private TestApp echo = echo();

    @TempDir
    Path directory = Path.of(".");

    private static TestApp echo() {
        try {
            return TestApp.tcp(TestApp.ECHO);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @BeforeEach
    void allow() {
        mesh.intentions().allow("*", "*");
    }

    @AfterEach
    void close() {
        mesh.close();
        echo.close();
    }

    private static Upstream.UnixBind at(Path path) {
        return new Upstream.UnixBind(path.toString(), Optional.of(0640), Optional.empty(), Optional.empty());
    }

    private static ListenerStatus status(TestHost host, String bindPart) {
        return host.proxy().status().listeners().stream()
                .filter(one -> one.bind().contains(bindPart))
                .findFirst()
                .orElseThrow();
    }

    private static void assertEchoes(SocketChannel caller) throws IOException {
        try (caller) {
            writeAll(caller, new byte[] {42});
            assertThat(readExactly(caller, 1)).containsExactly(42);
        }
    }

    private static void assertRefused(SocketChannel caller) throws IOException {
        try (caller) {
            try {
                assertThat(readAll(caller)).isEmpty();
            } catch (IOException reset) {
                assertThat(reset).hasMessageContaining("reset");
            }
        }
    }

    @Test
    void a_socket_file_has_the_mode_and_owner_it_was_given() throws Exception {
        Path socket = directory.resolve("mysql.sock");
        TestHost host = mesh.host("one")
                .serve("mysql", echo)
                .caller("shop")
                .upstream(
                        "shop",
                        "mysql",
                        new Upstream.UnixBind(
                                socket.toString(), Optional.of(0640), Optional.of("daemon"), Optional.of("4242")));
        assertThat(status(host, "mysql.sock").state()).isEqualTo(ListenerStatus.State.LISTENING);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(socket)))
                .isEqualTo("rw-r-----");
        assertThat(Files.getAttribute(socket, "unix:uid")).isEqualTo(1);
        assertThat(Files.getAttribute(socket, "unix:gid")).isEqualTo(4242);
        assertEchoes(Sockets.unix(socket));
        try (var files = Files.list(directory)) {
            assertThat(files).as("nothing is left beside it").containsExactly(socket);
        }
    }

    @Test
    void a_socket_file_left_over_is_replaced() throws Exception {
        Path socket = directory.resolve("mysql.sock");
        try (ServerSocketChannel dead = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            dead.bind(UnixDomainSocketAddress.of(socket));
        }
        assertThat(socket).exists();
        mesh.host("one").serve("mysql", echo).caller("shop").upstream("shop", "mysql", at(socket));
        assertEchoes(Sockets.unix(socket));
    }

    @Test
    void another_processes_live_socket_is_never_touched() throws Exception {
        Path socket = directory.resolve("mysql.sock");
        try (ServerSocketChannel alive = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            alive.bind(UnixDomainSocketAddress.of(socket));
            TestHost host = mesh.host("one").serve("mysql", echo).caller("shop").upstream("shop", "mysql", at(socket));
            ListenerStatus status = status(host, "mysql.sock");
            assertThat(status.state()).isEqualTo(ListenerStatus.State.FAILED);
            assertThat(status.reason()).contains("another process");
            assertThat(status.remedy()).contains("ss -xlp");
            try (SocketChannel caller = Sockets.unix(socket);
                    SocketChannel accepted = alive.accept()) {
                assertThat(accepted.isConnected()).isTrue();
                assertThat(caller.isConnected()).isTrue();
            }
        }
    }

    @Test
    void a_file_that_is_no_socket_is_never_touched_and_the_listener_comes_when_it_is_gone() throws Exception {
        Path file = directory.resolve("mysql.sock");
        Files.writeString(file, "precious");
        TestHost host = mesh.host("one").serve("mysql", echo).caller("shop").upstream("shop", "mysql", at(file));
        ListenerStatus status = status(host, "mysql.sock");
        assertThat(status.state()).isEqualTo(ListenerStatus.State.FAILED);
        assertThat(status.reason()).contains("is not a socket");
        assertThat(file).hasContent("precious");
        Files.delete(file);
        await().atMost(10, SECONDS).until(() -> status(host, "mysql.sock").state() == ListenerStatus.State.LISTENING);
        assertEchoes(Sockets.unix(file));
    }

    @Test
    void a_missing_directory_is_named() throws Exception {
        TestHost host = mesh.host("one")
                .serve("mysql", echo)
                .caller("shop")
                .upstream("shop", "mysql", at(directory.resolve("none/mysql.sock")));
        assertThat(status(host, "mysql.sock").reason()).contains("directory").contains("does not exist");
    }

    @Test
    void a_socket_file_goes_with_its_upstream_but_not_when_it_was_replaced() throws Exception {
        Path socket = directory.resolve("mysql.sock");
        TestHost host = mesh.host("one").serve("mysql", echo).caller("shop").upstream("shop", "mysql", at(socket));
        host.withoutUpstreams();
        assertThat(socket).doesNotExist();
        host.upstream("shop", "mysql", at(socket));
        Files.delete(socket);
        Files.writeString(socket, "somebody else's");
        host.withoutUpstreams();
        assertThat(socket).hasContent("somebody else's");
    }

    @Test
    void an_upstream_that_stays_keeps_its_socket_through_changes_of_others() throws Exception {
        Path kept = directory.resolve("kept.sock");
        TestHost host = mesh.host("one").serve("mysql", echo).caller("shop").upstream("shop", "mysql", at(kept));
        Object before = Files.getAttribute(kept, "unix:ino");
        try (SocketChannel open = Sockets.unix(kept)) {
            writeAll(open, new byte[] {1});
            readExactly(open, 1);
            host.upstream("shop", "mysql", at(directory.resolve("second.sock")));
            host.callerByUser("other", "nobody");
            assertThat(Files.getAttribute(kept, "unix:ino")).isEqualTo(before);
            writeAll(open, new byte[] {2});
            assertThat(readExactly(open, 1)).containsExactly(2);
        }
    }

    @Test
    void only_the_allowed_user_may_use_an_upstream() throws Exception {
        Path mine = directory.resolve("mine.sock");
        Path theirs = directory.resolve("theirs.sock");
        TestHost host = mesh.host("one").serve("mysql", echo).caller("shop");
        host.upstream(new Upstream(
                new ServiceName("shop"), new ServiceName("mysql"), at(mine), Optional.of("root"), Optional.of("root")));
        host.upstream(new Upstream(
                new ServiceName("shop"),
                new ServiceName("mysql"),
                at(theirs),
                Optional.of("daemon"),
                Optional.empty()));
        assertEchoes(Sockets.unix(mine));
        assertRefused(Sockets.unix(theirs));
        await().atMost(5, SECONDS)
                .until(() -> host.proxy().status().closed().getOrDefault(CloseReason.CALLER_UNKNOWN, 0L) == 1L);
        assertThat(echo.accepts()).isEqualTo(1);
        assertThat(host.streams().started().get(0).source())
                .isEqualTo(mesh.authority().service("shop"));
        assertThat(host.streams().started().get(0).identification()).isEqualTo("socket, uid 0");
    }

    @Test
    void a_caller_on_loopback_is_the_service_that_declares_its_user_else_the_host() throws Exception {
        TestHost host = mesh.host("one").serve("mysql", echo);
        await().atMost(10, SECONDS)
                .until(() -> status(host, ":" + echo.port()).state() == ListenerStatus.State.LISTENING);
        assertEchoes(host.call("mysql", echo.port()));
        host.callerByUser("cron", "daemon");
        assertEchoes(host.call("mysql", echo.port()));
        host.callerByUser("shop", "root");
        assertEchoes(host.call("mysql", echo.port()));
        host.callerByUser("shop2", "0");
        assertEchoes(host.call("mysql", echo.port()));
        assertThat(host.streams().started().stream().map(StreamRecord::source))
                .isEqualTo(List.of(
                        mesh.authority().agent("one"),
                        mesh.authority().agent("one"),
                        mesh.authority().service("shop"),
                        mesh.authority().agent("one")));
        assertThat(host.streams().started().stream().map(StreamRecord::identification))
                .isEqualTo(List.of("host", "host, uid 0", "uid 0", "host, uid 0"));
    }

    @Test
    void a_port_taken_on_every_address_is_a_visible_state_with_its_remedy() throws Exception {
        try (ServerSocketChannel wildcard = ServerSocketChannel.open(StandardProtocolFamily.INET)) {
            wildcard.bind(new InetSocketAddress("0.0.0.0", 0));
            int port = ((InetSocketAddress) wildcard.getLocalAddress()).getPort();
            TestHost host = mesh.host("one").serve("mysql", echo.endpoint(), port);
            await().atMost(10, SECONDS)
                    .until(() -> host.proxy().status().listeners().size() == 1);
            ListenerStatus status = host.proxy().status().listeners().get(0);
            assertThat(status.state()).isEqualTo(ListenerStatus.State.FAILED);
            assertThat(status.reason()).contains("in use");
            assertThat(status.remedy()).contains("ss -ltnp").contains("127.0.0.1");
            wildcard.close();
            await().atMost(15, SECONDS)
                    .until(() -> host.proxy().status().listeners().get(0).state() == ListenerStatus.State.LISTENING);
            assertEchoes(host.call("mysql", port));
        }
    }

    @Test
    void loopback_listeners_follow_the_catalogue() throws Exception {
        TestHost host = mesh.host("one");
        TestHost other = mesh.host("two").serve("mysql", echo);
        await().atMost(10, SECONDS)
                .until(() -> host.proxy().status().listeners().size() == 1);
        InetSocketAddress address = host.loopbackAddress("mysql", echo.port());
        mesh.liveness(other.id(), io.culvert.catalog.Liveness.LEFT);
        await().atMost(10, SECONDS)
                .until(() -> host.proxy().status().listeners().isEmpty());
        assertThatThrownBy(() -> SocketChannel.open(address)).hasMessageContaining("refused");
    }

    @Test
    void a_tcp_upstream_listens_on_loopback_only() throws Exception {
        int port;
        try (ServerSocketChannel free = ServerSocketChannel.open()) {
            free.bind(new InetSocketAddress("127.0.0.1", 0));
            port = ((InetSocketAddress) free.getLocalAddress()).getPort();
        }
        TestHost host = mesh.host("one")
                .serve("mysql", echo)
                .caller("shop")
                .upstream("shop", "mysql", new Upstream.TcpBind("127.0.0.1", port))
                .upstream("shop", "mysql", new Upstream.TcpBind("0.0.0.0", port));
        assertEchoes(SocketChannel.open(new InetSocketAddress("127.0.0.1", port)));
        assertThat(status(host, "0.0.0.0").reason()).contains("not a loopback address");
        assertThat(host.streams().started().get(0).source())
                .isEqualTo(mesh.authority().service("shop"));
    }

    @Test
    void a_service_that_points_back_into_the_mesh_goes_round_only_once() throws Exception {
        Path socket = directory.resolve("loop.sock");
        TestHost host = mesh.host("one")
                .caller("shop")
                .upstream("shop", "mysql", at(socket))
                .serve("mysql", new io.culvert.catalog.UnixEndpoint(socket.toString()), 0);
        assertRefused(Sockets.unix(socket));
        await().atMost(5, SECONDS).until(() -> host.streams().ended().size() == 1);
        assertThat(host.streams().ended().get(0).end().message()).contains("leads back into the mesh");
    }
}
