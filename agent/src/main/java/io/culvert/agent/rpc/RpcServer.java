package io.culvert.agent.rpc;

import io.culvert.agent.rpc.wire.RpcCodec;
import io.culvert.catalog.clock.WallClock;
import io.culvert.identity.AgentIdentity;
import io.culvert.identity.SpiffeId;
import io.culvert.proxy.tls.HandlerSource;
import io.culvert.proxy.tls.TlsPeer;
import io.culvert.proxy.tls.TlsProtocol;
import io.netty.channel.Channel;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.util.concurrent.GlobalEventExecutor;
import java.net.InetSocketAddress;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.LongAdder;
import javax.net.ssl.SSLPeerUnverifiedException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Answers requests of one server name of the TLS port: {@code port.register(ServerNames.AGENT, server.protocol(...))}.
 * Any thread.
 */
public final class RpcServer implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(RpcServer.class);

    private final RpcMethods methods;
    private final RpcLimits limits;
    private final Executor workers;
    private final WallClock clock;
    private final ChannelGroup connections = new DefaultChannelGroup(GlobalEventExecutor.INSTANCE, true);
    private final LongAdder turnedAway = new LongAdder();

    /** @param workers bounded; run the methods, a rejected one is answered OVERLOADED */
    public RpcServer(RpcMethods methods, RpcLimits limits, Executor workers, WallClock clock) {
        this.methods = methods;
        this.limits = limits;
        this.workers = workers;
        this.clock = clock;
    }

    /** For agents of the mesh, and only for them: a service's certificate does not make a caller here. */
    public TlsProtocol forMembers(HandlerSource contexts) {
        return new TlsProtocol(contexts, TlsProtocol.REQUESTS, this::acceptMember);
    }

    /** For hosts that have no certificate yet. */
    public TlsProtocol forStrangers(HandlerSource contexts) {
        return new TlsProtocol(
                contexts, TlsProtocol.REQUESTS, channel -> accept(channel, Optional.empty(), Instant.MAX));
    }

    /** Connections open now. */
    public int connections() {
        return connections.size();
    }

    /** Connections closed because there were too many, or because the caller was no agent. */
    public long turnedAway() {
        return turnedAway.sum();
    }

    /** Closes all connections; what is under way is cancelled. */
    @Override
    public void close() {
        connections.close().awaitUninterruptibly();
    }

    private void acceptMember(Channel channel) {
        try {
            TlsPeer peer = TlsPeer.of(channel);
            if (peer.id() instanceof AgentIdentity) {
                accept(channel, Optional.of(peer.id()), peer.notAfter());
            } else {
                turnAway(channel, "the caller is " + peer.id() + " (expected: an agent)");
            }
        } catch (SSLPeerUnverifiedException e) {
            turnAway(channel, String.valueOf(e.getMessage()));
        }
    }

    private void accept(Channel channel, Optional<SpiffeId> id, Instant notAfter) {
        if (connections.size() >= limits.mostConnections()) {
            turnAway(channel, "too many connections");
            return;
        }
        connections.add(channel);
        RpcPeer peer = new RpcPeer(id, (InetSocketAddress) channel.remoteAddress());
        RpcServerHandler.Session session = new RpcServerHandler.Session(peer, notAfter, clock, workers);
        channel.pipeline()
                .addLast(
                        new RpcWire(new RpcCodec(limits.longestFrame())),
                        new RpcServerHandler(methods, limits, session));
    }

    private void turnAway(Channel channel, String reason) {
        turnedAway.increment();
        log.atDebug()
                .addKeyValue("peer", channel.remoteAddress())
                .addKeyValue("reason", reason)
                .log("request connection turned away");
        channel.close();
    }
}
