package io.culvert.dns;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoop;
import io.netty.handler.timeout.IdleStateHandler;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.Promise;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The UDP and the TCP socket of one address: both or none. An address that is not required is tried again until it
 * works. State is written on {@code loop} and read by any thread.
 */
final class Binding {
    private static final Logger log = LoggerFactory.getLogger(Binding.class);

    /** Whoever holds a port seldom lets go of it sooner; asking costs nothing. */
    private static final long RETRY_SECONDS = 30;

    /** With port 0 the system chooses for UDP, and TCP may find its number taken. */
    private static final int ATTEMPTS_FOR_ANY_PORT = 16;

    private final EventLoop loop;
    private final Transports transports;
    private final DnsSettings.Bind bind;
    private final DnsSettings.Limits limits;
    private final DnsListener listener;
    private final QuestionDesk desk;
    private final Forwarder forwarder;
    private final TcpConnections connections;
    private final List<Channel> sockets = new ArrayList<>();
    private boolean closed;
    private volatile DnsStatus.Socket state;

    Binding(EventLoop loop, Transports transports, DnsSettings settings, DnsSettings.Bind bind, Desk parts) {
        this.loop = loop;
        this.transports = transports;
        this.bind = bind;
        this.limits = settings.limits();
        this.listener = parts.listener();
        this.desk = new QuestionDesk(loop, settings, parts.source(), parts.listener());
        this.forwarder = new Forwarder(loop, transports, settings, parts.listener());
        this.connections = new TcpConnections(limits.connections(), parts.listener());
        this.state = new DnsStatus.Socket(bind.address(), bind.required(), false, "not started");
    }

    /** What all addresses share. */
    record Desk(DnsSource source, DnsListener listener) {}

    DnsStatus.Socket state() {
        return state;
    }

    /** Completes when the first attempt is over, whatever came of it; {@link #state} tells. */
    Future<Void> start() {
        Promise<Void> started = loop.newPromise();
        loop.execute(() -> attempt(ATTEMPTS_FOR_ANY_PORT, started));
        return started;
    }

    private void attempt(int attempts, Promise<Void> started) {
        ChannelFuture udp = transports
                .datagrams(loop)
                .handler(new UdpQuestions(desk, forwarder, listener))
                .bind(bind.address());
        whenDone(udp, () -> {
            if (!udp.isSuccess()) {
                failed("udp", udp.cause(), started);
                return;
            }
            InetSocketAddress address = (InetSocketAddress) udp.channel().localAddress();
            ChannelFuture tcp = connectionBootstrap().bind(address);
            whenDone(tcp, () -> {
                if (tcp.isSuccess()) {
                    listening(udp.channel(), tcp.channel(), address, started);
                    return;
                }
                udp.channel().close();
                if (bind.address().getPort() == 0 && attempts > 1 && !closed) {
                    attempt(attempts - 1, started);
                } else {
                    failed("tcp", tcp.cause(), started);
                }
            });
        });
    }

    private static void whenDone(ChannelFuture future, Runnable action) {
        future.addListener((ChannelFutureListener) done -> action.run());
    }

    private ServerBootstrap connectionBootstrap() {
        return transports.connections(loop).childHandler(new ChannelInitializer<Channel>() {
            @Override
            protected void initChannel(Channel channel) {
                channel.pipeline()
                        .addLast(new IdleStateHandler(0, 0, limits.idle().toMillis(), TimeUnit.MILLISECONDS))
                        .addLast(new TcpQuestions(desk, forwarder, connections, listener));
            }
        });
    }

    private void listening(Channel udp, Channel tcp, InetSocketAddress address, Promise<Void> started) {
        sockets.add(udp);
        sockets.add(tcp);
        if (closed) {
            closeSockets();
        } else {
            state = new DnsStatus.Socket(address, bind.required(), true, "");
            log.atInfo().addKeyValue("address", Addresses.text(address)).log("dns listening");
        }
        started.trySuccess(null);
    }

    private void failed(String protocol, Throwable cause, Promise<Void> started) {
        String problem = "cannot listen on " + Addresses.text(bind.address()) + " (" + protocol + "): "
                + cause.getMessage() + "; " + remedy(String.valueOf(cause.getMessage()));
        boolean news = !state.problem().equals(problem);
        state = new DnsStatus.Socket(bind.address(), bind.required(), false, problem);
        started.trySuccess(null);
        if (bind.required() || closed) {
            return;
        }
        if (news) {
            log.atWarn()
                    .addKeyValue("address", Addresses.text(bind.address()))
                    .addKeyValue("reason", problem)
                    .log("dns not listening");
        }
        loop.schedule(this::retry, RETRY_SECONDS, TimeUnit.SECONDS);
    }

    private void retry() {
        if (!closed) {
            attempt(1, loop.newPromise());
        }
    }

    private static String remedy(String reason) {
        if (reason.contains("ermission denied")) {
            return "ports below 1024 need the capability CAP_NET_BIND_SERVICE; or choose another port";
        }
        return reason.contains("already in use")
                ? "another program listens there (ss -lnp shows which); stop it or choose another port"
                : "choose an address of this host";
    }

    /** Stops taking questions, then gives up on those that wait, then closes what is open. */
    Future<Void> close() {
        Promise<Void> done = loop.newPromise();
        loop.execute(() -> {
            closed = true;
            closeSockets();
            forwarder.close();
            connections.closeAll();
            state = new DnsStatus.Socket(bind.address(), bind.required(), false, "closed");
            done.setSuccess(null);
        });
        return done;
    }

    private void closeSockets() {
        sockets.forEach(Channel::close);
        sockets.clear();
    }
}
