package io.culvert.proxy.tls;

import java.net.InetSocketAddress;
import java.time.Duration;

/**
 * The TLS port.
 *
 * @param bind where to listen; the port is 8443 by default, 0 lets the kernel choose
 * @param handshakeTimeout from accept to the end of the handshake; 5 s: a member of the mesh needs milliseconds
 * @param mostHandshakes at once, over all peers: 256; beyond, new connections are closed so that streams keep their CPU
 * @param mostHandshakesPerAddress at once from one address: 64, a burst from one busy host
 */
public record TlsPortSettings(
        InetSocketAddress bind, Duration handshakeTimeout, int mostHandshakes, int mostHandshakesPerAddress) {
    public static final int DEFAULT_PORT = 8443;

    public TlsPortSettings {
        check(!handshakeTimeout.isNegative() && !handshakeTimeout.isZero(), "handshakeTimeout", "above 0");
        check(mostHandshakes >= 1 && mostHandshakes <= 65_536, "mostHandshakes", "1 to 65536");
        check(
                mostHandshakesPerAddress >= 1 && mostHandshakesPerAddress <= mostHandshakes,
                "mostHandshakesPerAddress",
                "1 to mostHandshakes");
    }

    /** Everything but the address at its default. */
    public static TlsPortSettings at(InetSocketAddress bind) {
        return new TlsPortSettings(bind, Duration.ofSeconds(5), 256, 64);
    }

    private static void check(boolean holds, String setting, String expected) {
        if (!holds) {
            throw new IllegalArgumentException("TLS port: " + setting + " (expected: " + expected + ")");
        }
    }
}
