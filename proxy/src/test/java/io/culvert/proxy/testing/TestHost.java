package io.culvert.proxy.testing;

import io.culvert.catalog.CatalogView;
import io.culvert.catalog.CheckState;
import io.culvert.catalog.CheckStatus;
import io.culvert.catalog.Endpoint;
import io.culvert.catalog.IpAddress;
import io.culvert.catalog.LoopbackPool;
import io.culvert.catalog.LoopbackTable;
import io.culvert.catalog.NodeContent;
import io.culvert.catalog.NodeId;
import io.culvert.catalog.NodeName;
import io.culvert.catalog.NodeRecord;
import io.culvert.catalog.ServiceInstance;
import io.culvert.catalog.ServiceName;
import io.culvert.catalog.TcpEndpoint;
import io.culvert.catalog.clock.SystemClocks;
import io.culvert.proxy.LocalCaller;
import io.culvert.proxy.LocalDestination;
import io.culvert.proxy.LocalServices;
import io.culvert.proxy.Proxy;
import io.culvert.proxy.ProxySettings;
import io.culvert.proxy.Upstream;
import io.culvert.proxy.relay.Transport;
import io.culvert.proxy.relay.Wiring;
import io.culvert.proxy.tls.Strangers;
import io.culvert.proxy.tls.TlsContexts;
import io.culvert.proxy.tls.TlsPort;
import io.culvert.proxy.tls.TlsPortSettings;
import io.netty.channel.EventLoopGroup;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** One agent's data plane: a TLS port and a proxy, with loopback addresses of its own. */
public final class TestHost implements AutoCloseable {
    private static final int LOOPS = 2;

    private final TestMesh mesh;
    private final NodeName name;
    private final NodeId id;
    private final EventLoopGroup loops;
    private final TlsPort port;
    private final InetSocketAddress tlsAddress;
    private final Proxy proxy;
    private final RecordedStreams streams = new RecordedStreams();
    private final MutableCertificates certificates;
    private final LoopbackPool pool;
    private final List<LocalDestination> destinations = new ArrayList<>();
    private final List<LocalCaller> callers = new ArrayList<>();
    private final List<Upstream> upstreams = new ArrayList<>();
    private final List<ServiceInstance> instances = new ArrayList<>();
    private final List<CheckState> checks = new ArrayList<>();
    private int announced;

    TestHost(TestMesh mesh, String name, int number, ProxySettings settings, Transport transport) throws IOException {
        this.mesh = mesh;
        this.name = new NodeName(name);
        this.id = new NodeId(1, number);
        this.pool = LoopbackPool.parse("127." + (100 + number) + ".0.0/16");
        this.loops = transport.loops(LOOPS, name);
        Wiring wiring = new Wiring(transport, loops, SystemClocks.MONOTONIC, () -> TestAuthority.NOW);
        this.certificates = new MutableCertificates(
                mesh.authority().issue(mesh.authority().agent(name)),
                mesh.authority().bundle());
        this.port = new TlsPort(
                TlsPortSettings.at(new InetSocketAddress("127.0.0.1", 0)),
                transport,
                loops,
                new Strangers(SystemClocks.MONOTONIC));
        this.tlsAddress = port.start();
        this.announced = tlsAddress.getPort();
        this.proxy = new Proxy(new Proxy.Setup(
                settings,
                id,
                mesh.catalog(),
                this::table,
                certificates,
                mesh.intentions(),
                port,
                new TlsContexts(() -> TestAuthority.NOW),
                wiring,
                streams));
        publish();
        proxy.start();
    }

    public Proxy proxy() {
        return proxy;
    }

    public TlsPort port() {
        return port;
    }

    public InetSocketAddress tlsAddress() {
        return tlsAddress;
    }

    public MutableCertificates certificates() {
        return certificates;
    }

    public RecordedStreams streams() {
        return streams;
    }

    public NodeId id() {
        return id;
    }

    /** A service of this host that others may be let in to. */
    public TestHost serve(String service, Endpoint endpoint, int meshPort) {
        String instance = service + "-" + name;
        certificates.put(service, mesh.authority().issue(mesh.authority().service(service)));
        destinations.add(new LocalDestination(instance, new ServiceName(service), endpoint));
        instances.add(ServiceInstance.of(instance, service, meshPort).withMesh());
        apply();
        return this;
    }

    /** Serves on the port at which the application listens. */
    public TestHost serve(String service, TestApp app) {
        return serve(service, app.endpoint(), ((TcpEndpoint) app.endpoint()).port());
    }

    /** A service of this host that calls others. */
    public TestHost caller(String service) {
        certificates.put(service, mesh.authority().issue(mesh.authority().service(service)));
        return this;
    }

    public TestHost callerByUser(String service, String user) {
        caller(service);
        callers.add(new LocalCaller(new ServiceName(service), user));
        apply();
        return this;
    }

    public TestHost upstream(String source, String destination, Upstream.Bind bind) {
        return upstream(new Upstream(
                new ServiceName(source), new ServiceName(destination), bind, Optional.empty(), Optional.empty()));
    }

    public TestHost upstream(Upstream upstream) {
        upstreams.add(upstream);
        apply();
        return this;
    }

    public void withoutUpstreams() {
        upstreams.clear();
        apply();
    }

    public void check(String service, CheckStatus status) {
        String instance = service + "-" + name;
        checks.removeIf(check -> check.serviceId().equals(instance));
        checks.add(new CheckState("c-" + instance, "check", status, instance, "ttl", ""));
        publish();
    }

    /** Connects to the loopback address of a service, as a program on this host would. */
    public SocketChannel call(String service, int meshPort) throws IOException {
        InetSocketAddress address = loopbackAddress(service, meshPort);
        SocketChannel channel = SocketChannel.open();
        channel.connect(address);
        return channel;
    }

    public InetSocketAddress loopbackAddress(String service, int meshPort) {
        return new InetSocketAddress(
                table().address(new ServiceName(service)).orElseThrow().toString(), meshPort);
    }

    /** Tells others to reach it at another port, where something stands that leads to this one. */
    public void announce(int tlsPort) {
        announced = tlsPort;
        publish();
    }

    /** Closes the TLS port without a word, as a host that has died. */
    public void vanish() {
        port.close();
    }

    @Override
    public void close() {
        proxy.close(Duration.ZERO);
        port.close();
        loops.shutdownGracefully(0, 2, java.util.concurrent.TimeUnit.SECONDS).awaitUninterruptibly();
    }

    private void apply() {
        proxy.apply(new LocalServices(destinations, callers, upstreams));
        publish();
    }

    private void publish() {
        NodeRecord node =
                new NodeRecord(id, name, IpAddress.parse("127.0.0.1"), "dc1", Map.of(), announced, false, "test");
        mesh.publish(new NodeContent(node, instances, checks));
    }

    private LoopbackTable table() {
        LoopbackTable table = LoopbackTable.empty(pool);
        CatalogView view = mesh.catalog();
        for (var service : view.current().services()) {
            if (service.isMesh()) {
                table = table.with(service.name(), service.firstRegistered());
            }
        }
        return table;
    }
}
