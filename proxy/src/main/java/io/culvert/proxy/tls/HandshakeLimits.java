package io.culvert.proxy.tls;

import java.net.InetAddress;
import java.util.HashMap;
import java.util.Map;

/** Counts handshakes under way, in all and by address; the table never exceeds the bound on all. Any thread. */
final class HandshakeLimits {
    private final int most;
    private final int mostPerAddress;
    private final Map<InetAddress, Integer> byAddress = new HashMap<>();
    private int all;

    HandshakeLimits(int most, int mostPerAddress) {
        this.most = most;
        this.mostPerAddress = mostPerAddress;
    }

    /** Whether one more may begin; if so {@link #end} must follow. */
    synchronized boolean tryBegin(InetAddress address) {
        int now = byAddress.getOrDefault(address, 0);
        if (all >= most || now >= mostPerAddress) {
            return false;
        }
        all++;
        byAddress.put(address, now + 1);
        return true;
    }

    synchronized void end(InetAddress address) {
        all--;
        byAddress.computeIfPresent(address, (key, count) -> count == 1 ? null : count - 1);
    }

    synchronized int underWay() {
        return all;
    }
}
