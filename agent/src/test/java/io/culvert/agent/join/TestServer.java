package io.culvert.agent.join;

import io.culvert.agent.rpc.LoopbackMesh;
import io.culvert.agent.rpc.RpcLimits;
import io.culvert.agent.rpc.RpcMethods;
import io.culvert.agent.rpc.RpcServer;
import io.culvert.catalog.NodeName;
import io.culvert.catalog.clock.WallClock;
import io.culvert.identity.authority.AuthoritySettings;
import io.culvert.identity.authority.CertificateAuthority;
import io.culvert.proxy.tls.ServerNames;
import io.culvert.proxy.tls.TlsContexts;
import io.culvert.proxy.tls.TlsPort;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.atomic.AtomicBoolean;

/** A mesh's server with all of its identity side, on a port of the loopback interface; can be stopped and started again. */
final class TestServer implements AutoCloseable {
    static final NodeName NODE = new NodeName("s1");

    private final LoopbackMesh.Port port;
    private final Deque<AutoCloseable> open = new ArrayDeque<>();
    private final MeshFiles files;
    private final MeshMembership membership;
    private final CertificateAuthority authority;
    private final JoinAuthority joining;
    private final AtomicBoolean ready = new AtomicBoolean();

    /** What a server stands on. */
    record Ground(
            LoopbackMesh network,
            ScheduledExecutorService worker,
            WallClock clock,
            NodeNames names,
            AuthoritySettings settings) {}

    TestServer(Ground ground, Path folder, LoopbackMesh.Port port) throws IOException {
        this.port = port;
        this.files = new MeshFiles(folder);
        MeshFounder founder = new MeshFounder(files, ground.clock(), ground.network().random);
        var known = files.membership();
        this.membership = known.isPresent()
                ? known.get()
                : founder.found(new MeshFounder.Founder(
                        NODE, "dc1", "127.0.0.1:" + port.number(), "127.0.0.1:8301", ground.settings()));
        this.authority = founder.authority(ground.settings());
        CertificateManager certificates = keep(CertificateManager.open(
                files,
                membership,
                new CertificateManager.Surroundings(ground.worker(), ground.clock(), ground.network().random)));
        AgentTls tls = keep(new AgentTls(certificates, new TlsContexts(ground.clock())));
        ready.set(certificates.agent().notAfter().isAfter(ground.clock().now()));
        tls.onSwap(() -> ready.set(true));
        this.joining = JoinAuthority.open(
                authority,
                files,
                new JoinAuthority.Surroundings(
                        () -> membership,
                        () -> {
                            try {
                                return files.keyring().orElseThrow();
                            } catch (IOException e) {
                                throw new AssertionError(e);
                            }
                        },
                        () -> List.of("127.0.0.1:8301"),
                        ground.names(),
                        ground.clock(),
                        ground.network().random));
        RpcMethods members = new RpcMethods();
        RpcMethods strangers = new RpcMethods();
        new SigningService(authority, ground.clock()).register(members);
        joining.register(strangers);
        certificates.start(new LocalSigner(authority, ground.clock()));
        RpcServer forMembers =
                keep(new RpcServer(members, RpcLimits.MEMBERS, ground.network().workers, ground.clock()));
        RpcServer forStrangers =
                keep(new RpcServer(strangers, RpcLimits.STRANGERS, ground.network().workers, ground.clock()));
        TlsPort listening = port.port();
        keep(listening.register(ServerNames.AGENT, forMembers.forMembers(tls.answering())));
        keep(listening.register(ServerNames.JOIN, forStrangers.forStrangers(tls.admitting())));
    }

    MeshFiles files() {
        return files;
    }

    MeshMembership membership() {
        return membership;
    }

    CertificateAuthority authority() {
        return authority;
    }

    /** Whether it presents a certificate that is in force: one that expired while it was off is renewed as it starts. */
    boolean isReady() {
        return ready.get();
    }

    JoinAuthority joining() {
        return joining;
    }

    LoopbackMesh.Port port() {
        return port;
    }

    private <T extends AutoCloseable> T keep(T part) {
        open.push(part);
        return part;
    }

    @Override
    public void close() {
        while (!open.isEmpty()) {
            try {
                open.pop().close();
            } catch (Exception e) {
                throw new AssertionError(e);
            }
        }
    }
}
