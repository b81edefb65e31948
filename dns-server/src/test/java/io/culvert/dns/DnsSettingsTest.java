package io.culvert.dns;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.culvert.dns.core.ZoneSettings;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/** Defaults, everything set, every bound. */
class DnsSettingsTest {
    private static final InetSocketAddress SOME = new InetSocketAddress("127.0.0.9", 5_353);

    @Test
    void defaults_are_those_of_the_manual() {
        DnsSettings settings = DnsSettings.DEFAULT;

        assertThat(settings.binds())
                .containsExactly(new DnsSettings.Bind(new InetSocketAddress("127.0.0.1", 8_600), true));
        assertThat(settings.recursors()).isEmpty();
        assertThat(settings.limits())
                .isEqualTo(new DnsSettings.Limits(256, Duration.ofSeconds(10), 512, Duration.ofSeconds(2)));
        assertThat(settings.zone().domains()).containsExactly("mesh", "consul");
        assertThat(settings.zone().datacenter()).isEqualTo("dc1");
        assertThat(settings.zone().recursion()).isFalse();
        assertThat(settings.zone().ttls().negative()).isZero();
    }

    @Test
    void everything_can_be_set() {
        ZoneSettings.Ttls ttls = new ZoneSettings.Ttls(
                Duration.ofSeconds(1),
                Duration.ofSeconds(2),
                Map.of("*", Duration.ofSeconds(3)),
                Duration.ofSeconds(4),
                Duration.ofSeconds(5),
                Duration.ofSeconds(6),
                Duration.ofSeconds(7));
        ZoneSettings zone = new ZoneSettings(
                List.of("Corp.Example."), "DC2", true, ttls, new ZoneSettings.Limits(8, 9), true, false);
        DnsSettings settings = new DnsSettings(
                zone,
                List.of(new DnsSettings.Bind(SOME, false)),
                List.of(new InetSocketAddress("192.0.2.1", 53)),
                new DnsSettings.Limits(1, Duration.ofHours(1), 16_384, Duration.ofMillis(10)));

        assertThat(settings.zone().domains()).containsExactly("corp.example");
        assertThat(settings.zone().datacenter()).isEqualTo("dc2");
        assertThat(settings.zone().recursion()).as("follows from recursors").isTrue();
    }

    @Test
    void what_cannot_work_is_refused_with_what_was_expected() {
        refused("at least one", () -> zone(List.of(), "dc1"));
        refused("a domain name", () -> zone(List.of("a..b"), "dc1"));
        refused("a domain name", () -> zone(List.of("mesh net"), "dc1"));
        refused("a domain name", () -> zone(List.of(""), "dc1"));
        refused("datacenter", () -> zone(List.of("mesh"), ""));
        refused("0 or more", () -> new ZoneSettings.Limits(-1, 0));
        refused("0 or more", () -> new ZoneSettings.Limits(0, -1));
        refused("seconds", () -> mesh(Duration.ofSeconds(-1)));
        refused("seconds", () -> mesh(Duration.ofSeconds(1L << 31)));
        refused("connections", () -> new DnsSettings.Limits(0, Duration.ofSeconds(1), 1, Duration.ofSeconds(1)));
        refused("idle", () -> new DnsSettings.Limits(1, Duration.ofMillis(999), 1, Duration.ofSeconds(1)));
        refused("forwarded", () -> new DnsSettings.Limits(1, Duration.ofSeconds(1), 16_385, Duration.ofSeconds(1)));
        refused("recursor timeout", () -> new DnsSettings.Limits(1, Duration.ofSeconds(1), 1, Duration.ofMinutes(2)));
        refused("port other than 0", () -> recursor(new InetSocketAddress("192.0.2.1", 0)));
        refused("an IP address", () -> recursor(InetSocketAddress.createUnresolved("dns.example", 53)));
        refused("server itself", () -> recursor(SOME));
    }

    private static void refused(String expected, ThrowingCallable attempt) {
        assertThatThrownBy(attempt).isInstanceOf(IllegalArgumentException.class).hasMessageContaining(expected);
    }

    private static ZoneSettings zone(List<String> domains, String datacenter) {
        return new ZoneSettings(
                domains, datacenter, false, ZoneSettings.Ttls.DEFAULT, ZoneSettings.Limits.NONE, false, false);
    }

    private static ZoneSettings.Ttls mesh(Duration ttl) {
        Duration zero = Duration.ZERO;
        return new ZoneSettings.Ttls(ttl, zero, Map.of(), zero, zero, zero, zero);
    }

    private static DnsSettings recursor(InetSocketAddress address) {
        return new DnsSettings(
                ZoneSettings.DEFAULT,
                List.of(new DnsSettings.Bind(SOME, true)),
                List.of(address),
                DnsSettings.Limits.DEFAULT);
    }
}
