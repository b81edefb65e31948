package io.culvert.dns;

import io.culvert.dns.core.ZoneSettings;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;

/**
 * Where and how questions are taken.
 *
 * @param zone what is answered
 * @param binds addresses to listen on, UDP and TCP each
 * @param recursors who is asked about other zones, in order; none: such questions are refused
 * @param limits what strangers may take up
 */
public record DnsSettings(ZoneSettings zone, List<Bind> binds, List<InetSocketAddress> recursors, Limits limits) {
    /** Consul's port. */
    public static final int PORT = 8_600;

    public static final DnsSettings DEFAULT = new DnsSettings(
            ZoneSettings.DEFAULT,
            List.of(new Bind(new InetSocketAddress("127.0.0.1", PORT), true)),
            List.of(),
            Limits.DEFAULT);

    public DnsSettings {
        binds = List.copyOf(binds);
        recursors = List.copyOf(recursors);
        zone = zone.withRecursion(!recursors.isEmpty());
        for (InetSocketAddress recursor : recursors) {
            if (recursor.isUnresolved() || recursor.getPort() == 0) {
                throw new IllegalArgumentException("dns recursor: " + Addresses.text(recursor)
                        + " (expected: an IP address, with a port other than 0)");
            }
            if (binds.stream().anyMatch(bind -> bind.covers(recursor))) {
                throw new IllegalArgumentException("dns recursor: " + Addresses.text(recursor)
                        + " is this server itself (expected: the address of another resolver)");
            }
        }
        for (Bind bind : binds) {
            if (bind.address().isUnresolved()) {
                throw new IllegalArgumentException(
                        "dns address: " + Addresses.text(bind.address()) + " (expected: an IP address)");
            }
        }
    }

    /**
     * An address to listen on.
     *
     * @param required whether the server must not start without it; an address that is not required is tried again and
     *     again, and shown in the status until it works. Port 53 should not be
     */
    public record Bind(InetSocketAddress address, boolean required) {
        boolean covers(InetSocketAddress other) {
            boolean host = address.getAddress() != null
                    && (address.getAddress().isAnyLocalAddress()
                                    && other.getAddress().isLoopbackAddress()
                            || address.getAddress().equals(other.getAddress()));
            return host && address.getPort() == other.getPort();
        }
    }

    /**
     * Bounds.
     *
     * @param connections open over TCP for each address, 1 to 65,536; beyond, the one that asked least lately is closed
     * @param idle how long a connection may be silent (RFC 7766 section 6.2.3 asks for some seconds), 1 s to 1 h
     * @param forwarded questions that wait for a recursor for each address, 1 to 16,384; beyond, SERVFAIL
     * @param recursorTimeout how long one recursor has, 10 ms to 1 min; a client gives up after 5 s
     */
    public record Limits(int connections, Duration idle, int forwarded, Duration recursorTimeout) {
        public static final Limits DEFAULT = new Limits(256, Duration.ofSeconds(10), 512, Duration.ofSeconds(2));

        public Limits {
            within("connections", connections, 1, 65_536);
            within("forwarded", forwarded, 1, 16_384);
            within("idle (ms)", idle.toMillis(), 1_000, 3_600_000);
            within("recursor timeout (ms)", recursorTimeout.toMillis(), 10, 60_000);
        }

        private static void within(String what, long value, long least, long most) {
            if (value < least || value > most) {
                throw new IllegalArgumentException(
                        "dns " + what + ": " + value + " (expected: " + least + " to " + most + ")");
            }
        }
    }
}
