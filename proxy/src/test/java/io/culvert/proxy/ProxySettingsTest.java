package io.culvert.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.culvert.proxy.stream.Timers;
import io.culvert.proxy.tls.TlsPortSettings;
import java.net.InetSocketAddress;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class ProxySettingsTest {
    private static final Duration SECOND = Duration.ofSeconds(1);
    private static final InetSocketAddress ANY = new InetSocketAddress(0);

    @Test
    void the_defaults_are_those_of_the_design() {
        assertThat(ProxySettings.DEFAULT)
                .isEqualTo(new ProxySettings(
                        Duration.ofSeconds(2), Duration.ofSeconds(5), 3, SECOND, 8, 64, 1_024, 4, Timers.DEFAULT));
        assertThat(Timers.DEFAULT.open()).isEqualTo(Duration.ofSeconds(10));
        assertThat(Timers.DEFAULT.serverIdle()).isGreaterThan(Timers.DEFAULT.idle());
        assertThat(TlsPortSettings.at(ANY)).isEqualTo(new TlsPortSettings(ANY, Duration.ofSeconds(5), 256, 64));
        assertThat(TlsPortSettings.DEFAULT_PORT).isEqualTo(8443);
    }

    @Test
    void every_setting_can_be_something_else() {
        ProxySettings other = new ProxySettings(
                Duration.ofSeconds(1), Duration.ofSeconds(2), 1, Duration.ofSeconds(3), 0, 0, 0, 64, Timers.DEFAULT);
        assertThat(other.attempts()).isEqualTo(1);
        assertThat(other.idlePerKey()).isZero();
        assertThat(new TlsPortSettings(ANY, SECOND, 1, 1).mostHandshakes()).isEqualTo(1);
    }

    @Test
    void each_bound_is_kept() {
        Timers timers = Timers.DEFAULT;
        assertThatThrownBy(() -> new ProxySettings(Duration.ZERO, SECOND, 3, SECOND, 8, 64, 8, 4, timers))
                .hasMessageContaining("connectTimeout PT0S");
        assertThatThrownBy(() -> new ProxySettings(SECOND, Duration.ofMillis(-1), 3, SECOND, 8, 64, 8, 4, timers))
                .hasMessageContaining("handshakeTimeout");
        assertThatThrownBy(() -> new ProxySettings(SECOND, SECOND, 0, SECOND, 8, 64, 8, 4, timers))
                .hasMessageContaining("attempts 0 (expected: 1 to 10)");
        assertThatThrownBy(() -> new ProxySettings(SECOND, SECOND, 11, SECOND, 8, 64, 8, 4, timers))
                .hasMessageContaining("attempts 11");
        assertThatThrownBy(() -> new ProxySettings(SECOND, SECOND, 3, Duration.ZERO, 8, 64, 8, 4, timers))
                .hasMessageContaining("listenerRetry");
        assertThatThrownBy(() -> new ProxySettings(SECOND, SECOND, 3, SECOND, -1, 64, 8, 4, timers))
                .hasMessageContaining("idlePerKey");
        assertThatThrownBy(() -> new ProxySettings(SECOND, SECOND, 3, SECOND, 8, 7, 8, 4, timers))
                .hasMessageContaining("burstPerKey 7 (expected: 8 to 4096)");
        assertThatThrownBy(() -> new ProxySettings(SECOND, SECOND, 3, SECOND, 8, 64, 70_000, 4, timers))
                .hasMessageContaining("idleInAll");
        assertThatThrownBy(() -> new ProxySettings(SECOND, SECOND, 3, SECOND, 8, 64, 8, 0, timers))
                .hasMessageContaining("handshakesPerKey");
        assertThatThrownBy(() -> new TlsPortSettings(ANY, Duration.ZERO, 1, 1))
                .hasMessageContaining("handshakeTimeout");
        assertThatThrownBy(() -> new TlsPortSettings(ANY, SECOND, 0, 1)).hasMessageContaining("mostHandshakes");
        assertThatThrownBy(() -> new TlsPortSettings(ANY, SECOND, 2, 3))
                .hasMessageContaining("mostHandshakesPerAddress");
    }
}
