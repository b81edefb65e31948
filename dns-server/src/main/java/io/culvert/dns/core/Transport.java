package io.culvert.dns.core;

/** How a question came, which bounds its answer. */
public enum Transport {
    /** A datagram of this host. Loopback does not fragment below 64 KiB; HAProxy announces 8,192 for its discovery. */
    UDP_LOCAL(8_192),
    /** A datagram of another host: what passes every path unfragmented (DNS flag day 2020). */
    UDP_REMOTE(1_232),
    TCP(65_535);

    /** Longest answer over UDP to a client without EDNS (RFC 1035 section 4.2.1). */
    static final int PLAIN_UDP = 512;

    private final int largestAnswer;

    Transport(int largestAnswer) {
        this.largestAnswer = largestAnswer;
    }

    public boolean isUdp() {
        return this != TCP;
    }

    /** Longest answer to a client that announces no EDNS. */
    int plainLimit() {
        return isUdp() ? PLAIN_UDP : largestAnswer;
    }

    /** Longest answer to a client that announces {@code payload} bytes by EDNS (RFC 6891 section 6.2.3). */
    int limit(int payload) {
        return isUdp() ? Math.min(Math.max(payload, PLAIN_UDP), largestAnswer) : largestAnswer;
    }
}
