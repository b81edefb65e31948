package io.culvert.proxy.local;

import io.netty.channel.Channel;
import io.netty.channel.epoll.EpollDomainSocketChannel;
import io.netty.channel.socket.nio.NioChannelOption;
import java.io.IOException;
import java.util.Optional;
import jdk.net.ExtendedSocketOptions;
import jdk.net.UnixDomainPrincipal;

/** Who connected to a UNIX socket, as the kernel noted at that moment. */
record PeerCredentials(int uid, Optional<Integer> gid) {
    /** Whether asking costs one system call, and may be done on an event loop. */
    static boolean isQuick(Channel channel) {
        return channel instanceof EpollDomainSocketChannel;
    }

    /** @param accounts used only where the platform gives names instead of numbers */
    static PeerCredentials of(Channel channel, Accounts accounts) throws IOException {
        if (channel instanceof EpollDomainSocketChannel unix) {
            io.netty.channel.unix.PeerCredentials known = unix.peerCredentials();
            int[] groups = known.gids();
            return new PeerCredentials(known.uid(), groups.length == 0 ? Optional.empty() : Optional.of(groups[0]));
        }
        UnixDomainPrincipal principal =
                channel.config().getOption(NioChannelOption.of(ExtendedSocketOptions.SO_PEERCRED));
        if (principal == null) {
            throw new IOException("this platform does not tell who connected");
        }
        int uid = accounts.uid(principal.user().getName())
                .orElseThrow(() -> new IOException("unknown user " + principal.user()));
        return new PeerCredentials(uid, accounts.gid(principal.group().getName()));
    }
}
