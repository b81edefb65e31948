package io.culvert.dns;

import java.net.InetSocketAddress;
import java.util.List;

/** What the server listens on. */
public record DnsStatus(List<Socket> sockets) {
    public DnsStatus {
        sockets = List.copyOf(sockets);
    }

    /**
     * One address.
     *
     * @param address with its real port once it is bound
     * @param listening whether questions are taken, by UDP and by TCP
     * @param problem why not, and what to do; empty when listening
     */
    public record Socket(InetSocketAddress address, boolean required, boolean listening, String problem) {}
}
