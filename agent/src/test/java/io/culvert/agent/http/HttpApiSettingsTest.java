package io.culvert.agent.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.culvert.agent.http.HttpApiSettings.Limits;
import io.culvert.proxy.local.CallerLookup;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import org.junit.jupiter.api.Test;

class HttpApiSettingsTest {
    private static final InetSocketAddress LOOPBACK = new InetSocketAddress(InetAddress.getLoopbackAddress(), 8500);
    private static final Path SOCKET = Path.of("/run/culvert.sock");

    @Test
    void defaults_are_consuls_where_it_has_them() {
        HttpApiSettings settings = HttpApiSettings.of(LOOPBACK, SOCKET, 0);

        assertThat(settings.defaultWait()).isEqualTo(Duration.ofMinutes(5));
        assertThat(settings.longestWait()).isEqualTo(Duration.ofMinutes(10));
        assertThat(settings.hostNames()).contains("localhost", "*.mesh");
        assertThat(settings.limits().bodyBytes()).isEqualTo(1 << 20);
    }

    @Test
    void everything_can_be_set() {
        Limits limits =
                new Limits(1, 2, 2_000, 3_000, Duration.ofSeconds(1), Duration.ofSeconds(2), Duration.ofSeconds(3), 0);
        HttpApiSettings settings = new HttpApiSettings(
                Optional.of(LOOPBACK),
                Optional.of(SOCKET),
                Optional.of("mesh"),
                0600,
                Set.of(33),
                990,
                Set.of("box"),
                limits,
                Duration.ofSeconds(4),
                Duration.ofSeconds(5));

        assertThat(settings.writers()).containsExactly(33);
        assertThat(settings.socketGroup()).contains("mesh");
        assertThat(settings.socketMode()).isEqualTo(0600);
        assertThat(settings.limits()).isEqualTo(limits);
    }

    @Test
    void bounds_are_refused() {
        assertThatThrownBy(() -> HttpApiSettings.of(new InetSocketAddress("0.0.0.0", 1), SOCKET, 0))
                .hasMessageContaining("expected: a loopback address");
        assertThatThrownBy(() -> HttpApiSettings.of(InetSocketAddress.createUnresolved("box", 1), SOCKET, 0))
                .hasMessageContaining("expected: a loopback address");
        assertThatThrownBy(() -> new HttpApiSettings(
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        0600,
                        Set.of(),
                        0,
                        Set.of(),
                        Limits.DEFAULT,
                        Duration.ZERO,
                        Duration.ZERO))
                .hasMessageContaining("expected: one of them at least");
        assertThatThrownBy(() -> limits(0, 1)).hasMessageContaining("api limits");
        assertThatThrownBy(() -> limits(1, 0)).hasMessageContaining("api limits");
        assertThatThrownBy(() -> new Limits(
                        1, 1, 2_000, 2_000, Duration.ofSeconds(2), Duration.ofSeconds(1), Duration.ofSeconds(1), 1))
                .hasMessageContaining("api times");
        assertThatThrownBy(() ->
                        new Limits(1, 1, 2_000, 2_000, Duration.ZERO, Duration.ofSeconds(1), Duration.ofSeconds(1), 1))
                .hasMessageContaining("api times");
    }

    private static Limits limits(int connections, int ofOne) {
        return new Limits(
                connections,
                ofOne,
                2_000,
                2_000,
                Duration.ofSeconds(1),
                Duration.ofSeconds(2),
                Duration.ofSeconds(1),
                1);
    }

    @Test
    void the_user_behind_a_loopback_connection_is_found_out() throws Exception {
        try (CallerLookup lookup = new CallerLookup();
                ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                Socket client = new Socket(server.getInetAddress(), server.getLocalPort());
                Socket accepted = server.accept()) {
            OptionalInt uid = new LookedUpCaller(lookup)
                    .uid((InetSocketAddress) accepted.getRemoteSocketAddress(), (InetSocketAddress)
                            accepted.getLocalSocketAddress());

            assertThat(uid).hasValue((int) java.nio.file.Files.getAttribute(Path.of("/proc/self"), "unix:uid"));
            assertThat(client.isConnected()).isTrue();
        }
    }
}
