package io.culvert.dns;

import io.culvert.catalog.clock.SystemClocks;
import io.culvert.dns.core.SampleMesh;
import io.culvert.dns.core.ZoneSettings;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.nio.NioIoHandler;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;

/** A server for the sample mesh on a port that the system chose. */
final class RunningServer implements AutoCloseable {
    static final DnsSettings.Limits LIMITS =
            new DnsSettings.Limits(3, Duration.ofSeconds(1), 4, Duration.ofMillis(150));
    static final DnsSettings.Limits PATIENT = DnsSettings.Limits.DEFAULT;

    private final EventLoopGroup group;
    private final SampleMesh mesh = new SampleMesh();
    private final CountingListener counts = new CountingListener();
    private final DnsServer server;

    private RunningServer(IoHandlerFactory kind, DnsSettings settings) throws IOException {
        group = new MultiThreadIoEventLoopGroup(1, kind);
        DnsSource source = new DnsSource(mesh.catalog(), mesh::table, SystemClocks.WALL);
        try {
            server = DnsServer.start(settings, source, group, counts);
        } catch (IOException e) {
            group.shutdownGracefully(0, 0, java.util.concurrent.TimeUnit.SECONDS);
            throw e;
        }
    }

    static RunningServer start(DnsSettings settings) throws IOException {
        return new RunningServer(EpollIoHandler.newFactory(), settings);
    }

    static RunningServer startWithoutEpoll(DnsSettings settings) throws IOException {
        return new RunningServer(NioIoHandler.newFactory(), settings);
    }

    static DnsSettings settings(DnsSettings.Limits limits, InetSocketAddress... recursors) {
        return new DnsSettings(
                ZoneSettings.DEFAULT,
                List.of(new DnsSettings.Bind(new InetSocketAddress("127.0.0.1", 0), true)),
                List.of(recursors),
                limits);
    }

    InetSocketAddress address() {
        return server.status().sockets().get(0).address();
    }

    DnsServer server() {
        return server;
    }

    SampleMesh mesh() {
        return mesh;
    }

    long count(Object what) {
        return counts.count(what);
    }

    @Override
    public void close() {
        server.close();
        group.shutdownGracefully(0, 5, java.util.concurrent.TimeUnit.SECONDS).awaitUninterruptibly();
    }
}
