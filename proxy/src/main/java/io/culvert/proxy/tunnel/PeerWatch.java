package io.culvert.proxy.tunnel;

import io.netty.channel.Channel;
import io.netty.channel.ChannelException;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.epoll.EpollTcpInfo;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks the kernel how a tunnel's peer does, when there is reason to. Only epoll's channels can ask; on others a peer that is
 * gone is found by keepalive or when the kernel gives up. Confined to the channel's loop.
 */
final class PeerWatch {
    private static final Logger log = LoggerFactory.getLogger(PeerWatch.class);

    private final Channel channel;
    private final PeerPulse pulse = new PeerPulse();

    PeerWatch(Channel channel) {
        this.channel = channel;
    }

    /** Something was written, which the peer must acknowledge. */
    void sent(long now) {
        pulse.sent(now);
    }

    /**
     * Whether the peer is gone for good.
     *
     * @param queued whether something waits in this process still
     */
    boolean findsGone(boolean queued, long now) {
        if (!pulse.isDue(now) || !(channel instanceof EpollSocketChannel tcp) || !tcp.isActive()) {
            return false;
        }
        try {
            EpollTcpInfo info = tcp.tcpInfo();
            boolean gone =
                    pulse.isGone(new PeerPulse.Figures(info.unacked(), info.lastAckRecv(), info.probes()), queued, now);
            if (gone) {
                log.atInfo()
                        .addKeyValue("peer", tcp.remoteAddress())
                        .addKeyValue("unacknowledged", info.unacked())
                        .addKeyValue("silent_ms", info.lastAckRecv())
                        .log("the other agent acknowledges nothing any more; connection broken off");
            }
            return gone;
        } catch (ChannelException e) {
            log.atDebug().setCause(e).log("socket already gone"); // of which the channel tells in a moment
            return false;
        }
    }
}
