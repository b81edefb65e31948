package io.culvert.proxy;

import io.culvert.proxy.stream.Timers;
import java.time.Duration;

/**
 * How streams are carried.
 *
 * @param connectTimeout for the TCP connection to another agent or to an application: 2 s
 * @param handshakeTimeout for TLS to another agent: 5 s
 * @param attempts instances tried for one stream before it fails: 3
 * @param listenerRetry first pause before a listener that failed is tried again: 1 s, doubled up to a minute
 * @param idlePerKey connections kept for one pair of services and one event loop: 8
 * @param burstPerKey the same for the first five seconds of idleness: 64; a crowd of short streams that end together comes
 *     back together, and would else pay a handshake each
 * @param idleInAll connections kept in all: 1,024, each some 17 KiB
 * @param handshakesPerKey at once for one pair and event loop: 4
 * @param timers of the protocol
 */
public record ProxySettings(
        Duration connectTimeout,
        Duration handshakeTimeout,
        int attempts,
        Duration listenerRetry,
        int idlePerKey,
        int burstPerKey,
        int idleInAll,
        int handshakesPerKey,
        Timers timers) {
    public static final ProxySettings DEFAULT = new ProxySettings(
            Duration.ofSeconds(2), Duration.ofSeconds(5), 3, Duration.ofSeconds(1), 8, 64, 1_024, 4, Timers.DEFAULT);

    public ProxySettings {
        positive(connectTimeout, "connectTimeout");
        positive(handshakeTimeout, "handshakeTimeout");
        positive(listenerRetry, "listenerRetry");
        within(attempts, 1, 10, "attempts");
        within(idlePerKey, 0, 1_024, "idlePerKey");
        within(burstPerKey, idlePerKey, 4_096, "burstPerKey");
        within(idleInAll, 0, 65_536, "idleInAll");
        within(handshakesPerKey, 1, 64, "handshakesPerKey");
    }

    private static void positive(Duration value, String name) {
        if (value.isNegative() || value.isZero()) {
            throw new IllegalArgumentException("proxy: " + name + " " + value + " (expected: above 0)");
        }
    }

    private static void within(int value, int least, int most, String name) {
        if (value < least || value > most) {
            throw new IllegalArgumentException(
                    "proxy: " + name + " " + value + " (expected: " + least + " to " + most + ")");
        }
    }
}
