package io.culvert.proxy.tls;

import io.culvert.proxy.relay.SocketOptions;
import io.culvert.proxy.relay.Transport;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoopGroup;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one port that other agents reach. Every protocol behind it has a server name with a certificate of its own; who
 * names none of them, does not speak TLS 1.3, or is too slow is closed, counted and now and then logged. Any thread.
 */
public final class TlsPort implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(TlsPort.class);

    private final TlsPortSettings settings;
    private final Transport transport;
    private final EventLoopGroup loops;
    private final Strangers strangers;
    private final HandshakeLimits limits;
    private final Map<String, TlsProtocol> protocols = new ConcurrentHashMap<>();
    private final AtomicReference<@Nullable Channel> listener = new AtomicReference<>();

    /** @param loops of {@code transport}; not closed by this */
    public TlsPort(TlsPortSettings settings, Transport transport, EventLoopGroup loops, Strangers strangers) {
        this.settings = settings;
        this.transport = transport;
        this.loops = loops;
        this.strangers = strangers;
        this.limits = new HandshakeLimits(settings.mostHandshakes(), settings.mostHandshakesPerAddress());
    }

    /**
     * Opens a protocol. Holds until the result is closed; connections made before stay.
     *
     * @param label what stands before {@code .culvert} in the server name: {@link ServerNames}
     */
    public Registration register(String label, TlsProtocol protocol) {
        if (protocols.putIfAbsent(label, protocol) != null) {
            throw new IllegalStateException("TLS port: server name '" + label + "' is registered already");
        }
        return () -> protocols.remove(label, protocol);
    }

    /** Closes a protocol; may be closed twice. */
    @FunctionalInterface
    public interface Registration extends AutoCloseable {
        @Override
        void close();
    }

    /** Listens. Blocks until bound, a matter of microseconds; returns the address, with the port that was chosen. */
    public InetSocketAddress start() throws IOException {
        ServerBootstrap bootstrap = new ServerBootstrap()
                .group(loops)
                .channel(transport.tcpListener())
                .childHandler(new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        accept(channel);
                    }
                });
        SocketOptions.listener(bootstrap, false);
        SocketOptions.tunnel(bootstrap);
        ChannelFuture bound = bootstrap.bind(settings.bind()).awaitUninterruptibly();
        if (!bound.isSuccess()) {
            throw new IOException(
                    "TLS port " + settings.bind().getAddress().getHostAddress() + ":"
                            + settings.bind().getPort() + " cannot be opened: "
                            + bound.cause().getMessage() + " (another process may hold it: 'ss -ltnp' shows which; stop"
                            + " it or choose another port)",
                    bound.cause());
        }
        Channel channel = bound.channel();
        Channel previous = listener.getAndSet(channel);
        if (previous != null) {
            previous.close().awaitUninterruptibly();
            throw new IllegalStateException("TLS port started twice");
        }
        InetSocketAddress address = (InetSocketAddress) channel.localAddress();
        log.atInfo().addKeyValue("address", address).log("TLS port open");
        return address;
    }

    /** Where it listens; empty before {@link #start}, after {@link #close}, and if its socket was closed. */
    public Optional<InetSocketAddress> listening() {
        Channel channel = listener.get();
        return channel != null && channel.isActive() && channel.localAddress() instanceof InetSocketAddress own
                ? Optional.of(own)
                : Optional.empty();
    }

    /** Whether {@code address} is this port itself, by any address of this host. */
    public boolean isOwn(InetSocketAddress address) {
        Channel channel = listener.get();
        if (channel == null || !(channel.localAddress() instanceof InetSocketAddress own)) {
            return false;
        }
        return own.getPort() == address.getPort()
                && (own.getAddress().isAnyLocalAddress()
                        ? isOfThisHost(address.getAddress())
                        : own.getAddress().equals(address.getAddress()));
    }

    private static boolean isOfThisHost(InetAddress address) {
        try {
            return address.isLoopbackAddress()
                    || address.isAnyLocalAddress()
                    || NetworkInterface.getByInetAddress(address) != null;
        } catch (SocketException e) {
            return true; // cannot be told: rather refuse a stream than let it run round for ever
        }
    }

    /** Handshakes not yet ended. */
    public int handshakesUnderWay() {
        return limits.underWay();
    }

    public Strangers strangers() {
        return strangers;
    }

    /** Stops listening; connections made before stay with their protocols. */
    @Override
    public void close() {
        Channel channel = listener.getAndSet(null);
        if (channel != null) {
            channel.close().awaitUninterruptibly();
        }
    }

    private void accept(Channel channel) {
        InetSocketAddress peer = (InetSocketAddress) channel.remoteAddress();
        if (peer == null) { // gone already
            channel.close();
            return;
        }
        InetAddress address = peer.getAddress();
        if (!limits.tryBegin(address)) {
            strangers.refused(StrangerReason.TOO_MANY_HANDSHAKES, peer, limits.underWay() + " handshakes under way");
            channel.close();
            return;
        }
        Handshake handshake = new Handshake(settings.handshakeTimeout(), strangers, () -> limits.end(address));
        channel.pipeline().addLast(new SniRouter(this::protocol, handshake), handshake);
    }

    private Optional<TlsProtocol> protocol(String label) {
        return Optional.ofNullable(protocols.get(label));
    }
}
