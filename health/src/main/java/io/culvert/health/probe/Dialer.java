package io.culvert.health.probe;

import io.culvert.catalog.Endpoint;
import io.culvert.catalog.TcpEndpoint;
import io.culvert.catalog.UnixEndpoint;
import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelOption;
import io.netty.channel.epoll.EpollDomainSocketChannel;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.unix.DomainSocketAddress;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** Opens the connections of network checks. Not every address of a name has to answer: they are tried in turn. */
final class Dialer {
    /** How soon a listener whose queue is full is tried again; connecting to it does not wait by itself. */
    private static final long FULL_QUEUE_RETRY_MILLIS = 25;

    private static final String FULL_QUEUE = "resource temporarily unavailable";

    private final HostLookup lookup;

    Dialer(HostLookup lookup) {
        this.lookup = lookup;
    }

    /**
     * Connects and goes on with {@code connected}, on the loop of {@code run}; a failure fails the run.
     *
     * @param handler makes the handler of each attempt
     */
    void dial(NetworkRun run, Endpoint endpoint, Supplier<ChannelHandler> handler, Consumer<Channel> connected) {
        if (endpoint instanceof UnixEndpoint unix) {
            run.stage("connecting");
            dialUnix(run, unix, handler, connected);
        } else if (endpoint instanceof TcpEndpoint tcp) {
            run.stage("resolving '" + tcp.host() + "'");
            lookup.addresses(tcp.host()).whenComplete(run.onLoop(addresses -> {
                run.stage("connecting");
                int each = (int) Math.max(1, run.timeout().toMillis() / addresses.size());
                new Attempt(run, tcp.port(), each, handler, connected).next(addresses, "no address");
            }));
        }
    }

    private void dialUnix(
            NetworkRun run, UnixEndpoint endpoint, Supplier<ChannelHandler> handler, Consumer<Channel> connected) {
        if (run.isOver()) {
            return;
        }
        ChannelFuture connecting = new Bootstrap()
                .group(run.loop())
                .channel(EpollDomainSocketChannel.class)
                .handler(handler.get())
                .connect(new DomainSocketAddress(endpoint.path()));
        run.use(connecting.channel());
        connecting.addListener(ended -> {
            if (ended.isSuccess()) {
                connected.accept(connecting.channel());
                return;
            }
            String reason = Reasons.of(ended.cause());
            if (reason.equals(FULL_QUEUE)) {
                run.stage("waiting for room in the listener's queue");
                run.loop()
                        .schedule(
                                () -> dialUnix(run, endpoint, handler, connected),
                                FULL_QUEUE_RETRY_MILLIS,
                                TimeUnit.MILLISECONDS);
            } else {
                run.fail(reason);
            }
        });
    }

    /** One name, address after address, each with its share of the time. */
    private record Attempt(
            NetworkRun run, int port, int millisEach, Supplier<ChannelHandler> handler, Consumer<Channel> connected) {
        void next(List<InetAddress> left, String lastReason) {
            if (run.isOver()) {
                return;
            }
            if (left.isEmpty()) {
                run.fail(lastReason);
                return;
            }
            ChannelFuture connecting = new Bootstrap()
                    .group(run.loop())
                    .channel(EpollSocketChannel.class)
                    .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, millisEach)
                    .handler(handler.get())
                    .connect(new InetSocketAddress(left.get(0), port));
            run.use(connecting.channel());
            connecting.addListener(ended -> {
                if (ended.isSuccess()) {
                    connected.accept(connecting.channel());
                } else {
                    next(left.subList(1, left.size()), Reasons.of(ended.cause()));
                }
            });
        }
    }
}
