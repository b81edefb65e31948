package io.culvert.agent.http.server;

import io.culvert.agent.http.route.Caller;
import io.netty.channel.epoll.EpollDomainSocketChannel;
import java.io.IOException;
import java.util.OptionalInt;

/** A caller whom the UNIX socket's file mode has let in. */
final class UnixCaller implements Caller {
    private final EpollDomainSocketChannel channel;

    UnixCaller(EpollDomainSocketChannel channel) {
        this.channel = channel;
    }

    @Override
    public boolean isUnixSocket() {
        return true;
    }

    @Override
    public OptionalInt uid() {
        int uid = uidOf(channel);
        return uid < 0 ? OptionalInt.empty() : OptionalInt.of(uid);
    }

    /** -1 when the connection is gone already. */
    static int uidOf(EpollDomainSocketChannel channel) {
        try {
            return channel.peerCredentials().uid();
        } catch (IOException e) {
            return -1;
        }
    }
}
