package io.culvert.agent.rpc;

import io.culvert.agent.rpc.RpcJson.MalformedMessage;
import io.culvert.agent.rpc.wire.RpcCodec;
import io.culvert.agent.rpc.wire.RpcError;
import io.culvert.catalog.clock.MonotonicClock;
import io.culvert.proxy.relay.SocketOptions;
import io.culvert.proxy.relay.Transport;
import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoopGroup;
import io.netty.handler.ssl.SslHandler;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Asks servers. One connection to each is kept and used for many questions; when a server cannot be reached or is
 * overloaded, the next is asked. Any thread, never blocks.
 */
public final class RpcClient implements AutoCloseable {
    /** A server keeps talking to all hosts of a large mesh in turn: connections that wait for nothing make room. */
    private static final int MOST_KEPT = 256;

    /** Connecting and the handshake: a live server needs milliseconds, one far away a second. */
    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(5);

    private final Supplier<List<RpcTarget>> servers;
    private final RpcTls tls;
    private final Network network;
    private final Map<RpcTarget, RpcConnection> connections = new ConcurrentHashMap<>();
    private volatile boolean closed;

    /**
     * What connections are made with.
     *
     * @param workers resolve host names, which may block
     */
    public record Network(Transport transport, EventLoopGroup loops, Executor workers, MonotonicClock clock) {}

    /** @param servers whom to ask, in order of preference; asked for each question */
    public RpcClient(Supplier<List<RpcTarget>> servers, RpcTls tls, Network network) {
        this.servers = servers;
        this.tls = tls;
        this.network = network;
    }

    /**
     * Asks the first server that can be reached. The future fails with {@link RpcFailure}; cancelling it tells the
     * server.
     */
    public <A> CompletableFuture<A> ask(RpcQuestion<A> question) {
        return ask(servers.get(), question);
    }

    /** The same for other agents than the servers: asks the first of {@code targets} that can be reached. */
    public <A> CompletableFuture<A> ask(List<RpcTarget> targets, RpcQuestion<A> question) {
        if (closed || targets.isEmpty()) {
            return CompletableFuture.failedFuture(new RpcFailure(
                    RpcError.UNAVAILABLE, closed ? "this agent is stopping" : "no server of the mesh is known here"));
        }
        Asking<A> asking = new Asking<>(question, targets);
        asking.next(0, null);
        return asking.answer;
    }

    /** After a change of certificates: open questions are still answered, new ones get new connections. */
    public void retireConnections() {
        connections.values().forEach(RpcConnection::retire);
        connections.clear();
    }

    @Override
    public void close() {
        closed = true;
        connections.values().forEach(RpcConnection::close);
        connections.clear();
    }

    /** One question on its way from server to server. */
    private final class Asking<A> {
        private final CompletableFuture<A> answer = new CompletableFuture<>();
        private final RpcQuestion<A> question;
        private final List<RpcTarget> targets;
        private final byte[] payload;
        private final long deadline;
        private int triedTwice = -1;

        Asking(RpcQuestion<A> question, List<RpcTarget> targets) {
            this.question = question;
            this.targets = targets;
            this.payload = RpcJson.write(question.request());
            this.deadline = network.clock().nanos() + question.timeout().toNanos();
        }

        void next(int at, @Nullable RpcFailure last) {
            long left = deadline - network.clock().nanos();
            if (answer.isDone()) {
                return;
            }
            if (closed || at >= targets.size() || left <= 0) {
                answer.completeExceptionally(
                        last != null ? last : new RpcFailure(RpcError.TIMED_OUT, question.method() + ": out of time"));
                return;
            }
            connection(targets.get(at)).whenComplete((connection, failure) -> {
                if (connection == null) {
                    next(at + 1, asFailure(failure));
                } else {
                    askOn(connection, at);
                }
            });
        }

        private void askOn(RpcConnection connection, int at) {
            Duration left = Duration.ofNanos(
                    Math.max(1_000_000, deadline - network.clock().nanos()));
            CompletableFuture<byte[]> bytes = connection.ask(question.method(), payload, left);
            answer.whenComplete((done, failure) -> bytes.cancel(false));
            bytes.whenComplete((json, thrown) -> {
                if (thrown == null) {
                    read(json);
                    return;
                }
                RpcFailure failure = asFailure(thrown);
                boolean again = failure.error().nothingDone()
                        || failure.error() == RpcError.CONNECTION_LOST && question.repeatable();
                if (again) {
                    // A kept connection may have ended in the moment it was taken: the server gets a second chance.
                    boolean sameServer = !connection.isUsable() && triedTwice != at;
                    triedTwice = at;
                    next(sameServer ? at : at + 1, failure);
                } else {
                    answer.completeExceptionally(failure);
                }
            });
        }

        private void read(byte[] json) {
            try {
                answer.complete(RpcJson.read(json, question.answer()));
            } catch (MalformedMessage e) {
                answer.completeExceptionally(new RpcFailure(
                        RpcError.INTERNAL,
                        question.method() + ": the server's answer is malformed: " + e.getMessage()));
            }
        }

        private RpcFailure asFailure(@Nullable Throwable thrown) {
            RpcFailure failure = thrown == null ? null : RpcFailure.in(thrown);
            return failure != null ? failure : new RpcFailure(RpcError.UNAVAILABLE, question.method() + ": " + thrown);
        }
    }

    private CompletableFuture<RpcConnection> connection(RpcTarget target) {
        RpcConnection known = connections.get(target);
        if (known != null && known.isUsable()) {
            return known.ready();
        }
        RpcConnection fresh = new RpcConnection(target);
        RpcConnection winner =
                connections.compute(target, (any, present) -> present != null && present.isUsable() ? present : fresh);
        if (winner.equals(fresh)) {
            start(target, fresh);
        }
        return winner.ready();
    }

    private void start(RpcTarget target, RpcConnection connection) {
        connection.gone().thenRun(() -> connections.remove(target, connection));
        makeRoom(target);
        try {
            network.workers().execute(() -> resolve(target, connection));
        } catch (RejectedExecutionException e) {
            refuse(connection, new RpcFailure(RpcError.OVERLOADED, "this agent is too busy to ask " + target));
        }
    }

    /** A retired connection still answers what it was asked. */
    private void makeRoom(RpcTarget newest) {
        for (Map.Entry<RpcTarget, RpcConnection> kept : List.copyOf(connections.entrySet())) {
            if (connections.size() <= MOST_KEPT) {
                return;
            }
            if (!kept.getKey().equals(newest) && connections.remove(kept.getKey(), kept.getValue())) {
                kept.getValue().retire();
            }
        }
    }

    /** Connections kept now. */
    int kept() {
        return connections.size();
    }

    private void resolve(RpcTarget target, RpcConnection connection) {
        try {
            dial(new InetSocketAddress(InetAddress.getByName(target.host()), target.port()), connection);
        } catch (UnknownHostException e) {
            refuse(connection, new RpcFailure(RpcError.UNAVAILABLE, target + ": host name is not known"));
        }
    }

    private void dial(InetSocketAddress address, RpcConnection connection) {
        Bootstrap bootstrap = new Bootstrap()
                .group(network.loops())
                .channel(network.transport().tcp())
                .handler(new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        initialize(channel, connection);
                    }
                });
        SocketOptions.tunnel(bootstrap, CONNECT_TIMEOUT);
        bootstrap.connect(address).addListener((ChannelFutureListener) connected -> {
            if (connected.isSuccess()) {
                SocketOptions.tunnelOpened(connected.channel());
            } else {
                refuse(
                        connection,
                        new RpcFailure(
                                RpcError.UNAVAILABLE,
                                connected.cause().getMessage() + " (is the server running there?)"));
            }
        });
    }

    private void initialize(Channel channel, RpcConnection connection) {
        Optional<SslHandler> handler = tls.newHandler(channel.alloc());
        if (handler.isEmpty()) {
            refuse(connection, new RpcFailure(RpcError.UNAVAILABLE, "this agent has no certificate"));
            channel.close();
            return;
        }
        handler.get().setHandshakeTimeoutMillis(CONNECT_TIMEOUT.toMillis());
        channel.pipeline().addLast(handler.get(), new RpcWire(new RpcCodec(RpcCodec.LONGEST_FRAME)), connection);
    }

    private static void refuse(RpcConnection connection, RpcFailure failure) {
        if (connection.ready().completeExceptionally(failure)) {
            connection.close();
        }
    }
}
