package io.culvert.proxy.local;

import io.culvert.proxy.relay.AppLeg;
import io.culvert.proxy.relay.SocketOptions;
import io.culvert.proxy.relay.Wiring;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.function.Consumer;

/** Opens listeners whose accepted sockets become application legs. Blocks until bound. */
final class TcpBinding {
    private static final int FIRST_FREE_PORT = 1_024;

    private TcpBinding() {}

    /** @param accepted gets each caller's leg on its loop; the leg is not started */
    static Channel tcp(Wiring wiring, InetSocketAddress address, Consumer<AppLeg> accepted) throws BindFailure {
        ChannelFuture bound = bootstrap(wiring, false, accepted).bind(address).awaitUninterruptibly();
        if (!bound.isSuccess()) {
            throw explain(address, bound.cause());
        }
        return bound.channel();
    }

    static ChannelFuture unix(Wiring wiring, SocketAddress address, Consumer<AppLeg> accepted) {
        return bootstrap(wiring, true, accepted).bind(address).awaitUninterruptibly();
    }

    private static ServerBootstrap bootstrap(Wiring wiring, boolean unix, Consumer<AppLeg> accepted) {
        ServerBootstrap bootstrap = new ServerBootstrap()
                .group(wiring.loops())
                .channel(
                        unix
                                ? wiring.transport().unixListener()
                                : wiring.transport().tcpListener())
                .childHandler(new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        accepted.accept(AppLeg.on(channel));
                    }
                });
        SocketOptions.listener(bootstrap, unix);
        SocketOptions.caller(bootstrap, wiring.transport(), unix);
        return bootstrap;
    }

    private static BindFailure explain(InetSocketAddress address, Throwable cause) {
        String message = String.valueOf(cause.getMessage());
        String where = address.getAddress().getHostAddress() + ":" + address.getPort();
        if (message.contains("Address already in use")) {
            return new BindFailure(
                    where + " is in use",
                    "another process listens on port " + address.getPort()
                            + " of every address, or on this one (see 'ss -ltnp sport = :" + address.getPort()
                            + "'): let it listen on its own address only, such as 127.0.0.1");
        }
        if (message.contains("Permission denied") && address.getPort() < FIRST_FREE_PORT) {
            return new BindFailure(
                    where + " is a privileged port",
                    "run the agent with CAP_NET_BIND_SERVICE, or set the sysctl net.ipv4.ip_unprivileged_port_start to "
                            + address.getPort() + " or less");
        }
        if (message.contains("Cannot assign requested address") || cause instanceof BindException) {
            return new BindFailure(
                    where + ": " + message, "the address must be one of this host's; all of 127.0.0.0/8 is on Linux");
        }
        return new BindFailure(where + ": " + message, "see the log of the agent; it tries again by itself");
    }
}
