package io.culvert.dns;

import io.culvert.dns.DnsListener.DropReason;
import io.netty.channel.Channel;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.Set;

/** The open connections of one address, the one that asked least lately first. Confined to one event loop. */
final class TcpConnections {
    private final int bound;
    private final DnsListener listener;
    private final Set<Channel> open = new LinkedHashSet<>();

    TcpConnections(int bound, DnsListener listener) {
        this.bound = bound;
        this.listener = listener;
    }

    /** Makes room, if needed, by closing the connection that asked least lately: who only holds on loses. */
    void opened(Channel channel) {
        if (open.size() >= bound) {
            Iterator<Channel> all = open.iterator();
            Channel eldest = all.next();
            all.remove();
            eldest.close();
            listener.dropped(DropReason.CONNECTION_LIMIT);
        }
        open.add(channel);
    }

    void asked(Channel channel) {
        if (open.remove(channel)) {
            open.add(channel);
        }
    }

    void closed(Channel channel) {
        open.remove(channel);
    }

    int count() {
        return open.size();
    }

    void closeAll() {
        for (Channel channel : Set.copyOf(open)) {
            channel.close();
        }
    }
}
