package io.culvert.proxy;

import io.culvert.proxy.tls.StrangerReason;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * The proxy at one moment.
 *
 * @param listeners every local socket that should be there
 * @param liveStreams at most 1,000 of those that are open, in no order
 * @param liveStreamCount how many are open
 * @param closed streams ended since the start, by reason; reasons that never occurred are 0
 * @param traffic by direction and pair of services
 * @param strangers turned away at the TLS port, by reason
 * @param tunnels connections to other agents
 */
public record ProxyStatus(
        List<ListenerStatus> listeners,
        List<LiveStreamStatus> liveStreams,
        int liveStreamCount,
        Map<CloseReason, Long> closed,
        List<Traffic> traffic,
        Map<StrangerReason, Long> strangers,
        TunnelCounts tunnels) {

    /** One open stream. */
    public record LiveStreamStatus(StreamRecord stream, Duration age, long bytesOut, long bytesIn) {}

    /**
     * All streams of one kind since the start; moves while they are open.
     *
     * @param source as intentions name it; {@code _other} beyond 10,000 pairs
     * @param bytesOut from callers to applications
     */
    public record Traffic(
            StreamRecord.Direction direction,
            String source,
            String destination,
            long opened,
            long active,
            long bytesOut,
            long bytesIn) {}

    /**
     * Connections to other agents, opened by this one.
     *
     * @param hits streams that found a connection waiting
     * @param misses streams that needed a handshake
     * @param stale connections that turned out dead when used, and cost a silent second try
     */
    public record TunnelCounts(int idle, int active, long hits, long misses, long stale) {}
}
