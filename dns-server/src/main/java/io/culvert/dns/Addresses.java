package io.culvert.dns;

import java.net.InetSocketAddress;

/** Addresses as people write them. */
final class Addresses {
    private Addresses() {}

    /** {@code 127.0.0.1:8600}, {@code [::1]:8600}. */
    static String text(InetSocketAddress address) {
        String host = address.isUnresolved()
                ? address.getHostString()
                : address.getAddress().getHostAddress();
        return host.indexOf(':') >= 0 ? "[" + host + "]:" + address.getPort() : host + ":" + address.getPort();
    }
}
