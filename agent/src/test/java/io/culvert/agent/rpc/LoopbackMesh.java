package io.culvert.agent.rpc;

import io.culvert.catalog.NodeName;
import io.culvert.catalog.ServiceName;
import io.culvert.catalog.clock.SystemClocks;
import io.culvert.identity.AgentIdentity;
import io.culvert.identity.ServiceIdentity;
import io.culvert.identity.SpiffeId;
import io.culvert.identity.TrustDomain;
import io.culvert.identity.WorkloadCertificate;
import io.culvert.identity.authority.AuthoritySettings;
import io.culvert.identity.authority.CertificateAuthority;
import io.culvert.identity.authority.CertificateRefused;
import io.culvert.identity.authority.KeyPairs;
import io.culvert.proxy.relay.Transport;
import io.culvert.proxy.tls.RotatingContext;
import io.culvert.proxy.tls.ServerNames;
import io.culvert.proxy.tls.Strangers;
import io.culvert.proxy.tls.TlsContexts;
import io.culvert.proxy.tls.TlsPort;
import io.culvert.proxy.tls.TlsPortSettings;
import io.culvert.proxy.tls.TlsProtocol;
import io.netty.channel.EventLoopGroup;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.security.KeyPair;
import java.security.SecureRandom;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLException;

/** Real agents of one mesh on the loopback interface: authority, certificates, TLS ports, clients. */
public final class LoopbackMesh implements AutoCloseable {
    public final SecureRandom random = new SecureRandom();
    public final TrustDomain domain;
    public final CertificateAuthority authority;
    public final TlsContexts contexts = new TlsContexts(SystemClocks.WALL);
    public final Transport transport = Transport.best();
    public final EventLoopGroup loops = transport.loops(2, "test-loop");
    public final ExecutorService workers =
            new ThreadPoolExecutor(4, 4, 1, TimeUnit.SECONDS, new LinkedBlockingQueue<>(64));
    private final Deque<AutoCloseable> open = new ArrayDeque<>();
    private final Map<Port, TlsPort.Registration> registrations = new HashMap<>();

    public LoopbackMesh(String domain) {
        this.domain = new TrustDomain(domain);
        this.authority = new CertificateAuthority(
                CertificateAuthority.create(this.domain, random, SystemClocks.WALL.now()),
                AuthoritySettings.DEFAULT,
                random);
    }

    public AgentIdentity agent(String node) {
        return new AgentIdentity(domain, "dc1", new NodeName(node));
    }

    public ServiceIdentity service(String name) {
        return new ServiceIdentity(domain, "dc1", new ServiceName(name));
    }

    public WorkloadCertificate certificate(SpiffeId id) {
        KeyPair keys = KeyPairs.generate(random);
        try {
            return new WorkloadCertificate(
                    id, authority.sign(id, keys.getPublic(), SystemClocks.WALL.now()), keys.getPrivate(), 1);
        } catch (CertificateRefused e) {
            throw new AssertionError(e);
        }
    }

    /** A TLS port on the loopback interface, for {@link TlsPort#register}. */
    public Port port() throws IOException {
        return port(0);
    }

    public Port port(int number) throws IOException {
        TlsPort port = new TlsPort(
                TlsPortSettings.at(new InetSocketAddress(InetAddress.getLoopbackAddress(), number)),
                transport,
                loops,
                new Strangers(SystemClocks.MONOTONIC));
        int bound = port.start().getPort();
        open.push(port);
        return new Port(port, bound);
    }

    public record Port(TlsPort port, int number) {}

    /** Methods for agents, answered by {@code node}. */
    public RpcServer serve(Port port, String node, RpcMethods methods, RpcLimits limits) throws SSLException {
        RpcServer server = new RpcServer(methods, limits, workers, SystemClocks.WALL);
        RotatingContext context = new RotatingContext(
                contexts.mutualServer(certificate(agent(node)), authority.bundle(), TlsProtocol.REQUESTS));
        TlsPort.Registration registration = port.port().register(ServerNames.AGENT, server.forMembers(context));
        open.push(context);
        open.push(server);
        open.push(registration);
        registrations.put(port, registration);
        return server;
    }

    /** The server goes away; another may take its place at the same port. */
    public void stop(Port port, RpcServer server) {
        TlsPort.Registration registration = registrations.remove(port);
        if (registration != null) {
            registration.close();
        }
        server.close();
    }

    public RpcTarget target(Port port, String node) {
        return RpcTarget.parse("127.0.0.1:" + port.number(), Optional.of(agent(node)));
    }

    public RpcClient client(SpiffeId as, RpcTarget... servers) throws SSLException {
        RotatingContext context =
                new RotatingContext(contexts.mutualClient(certificate(as), authority.bundle(), TlsProtocol.REQUESTS));
        RpcClient client = new RpcClient(
                () -> List.of(servers),
                allocator -> context.newHandler(allocator, ServerNames.serverName(ServerNames.AGENT), 1),
                network());
        open.push(context);
        open.push(client);
        return client;
    }

    public RpcClient.Network network() {
        return new RpcClient.Network(transport, loops, workers, SystemClocks.MONOTONIC);
    }

    /** Closed with the mesh, in reverse order. */
    public <T extends AutoCloseable> T keep(T closeable) {
        open.push(closeable);
        return closeable;
    }

    @Override
    public void close() throws Exception {
        while (!open.isEmpty()) {
            open.pop().close();
        }
        workers.shutdownNow();
        loops.shutdownGracefully(0, 2, TimeUnit.SECONDS).awaitUninterruptibly();
    }
}
