package io.culvert.agent.join;

import io.culvert.agent.rpc.RpcClient;
import io.culvert.agent.rpc.RpcTarget;
import io.culvert.catalog.NodeName;
import io.culvert.gossip.identity.NodeKey;
import io.culvert.identity.join.JoinToken;
import io.culvert.proxy.tls.TlsContexts;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/** A host that joins, and then renews as an agent does. */
final class TestHost implements AutoCloseable {
    private final TestServer.Ground ground;
    private final NodeName node;
    private final NodeKey key;
    private final MeshFiles files;
    private final Deque<AutoCloseable> open = new ArrayDeque<>();

    TestHost(TestServer.Ground ground, String node, Path folder) {
        this.ground = ground;
        this.node = new NodeName(node);
        this.key = NodeKey.generate(ground.network().random);
        this.files = new MeshFiles(folder);
    }

    NodeKey key() {
        return key;
    }

    MeshFiles files() {
        return files;
    }

    MeshMembership join(JoinToken token) throws JoinFailure, IOException, InterruptedException {
        return join(token, "dc1");
    }

    MeshMembership join(JoinToken token, String datacenter) throws JoinFailure, IOException, InterruptedException {
        return new JoinClient(ground.network().network(), ground.clock(), ground.network().random)
                .join(token, new JoinClient.Applicant(node, datacenter, key.publicKey()), files);
    }

    /** Starts from what is on disk. */
    Running start() throws IOException {
        MeshMembership membership = files.membership().orElseThrow();
        CertificateManager certificates = keep(CertificateManager.open(
                files,
                membership,
                new CertificateManager.Surroundings(ground.worker(), ground.clock(), ground.network().random)));
        AgentTls tls = keep(new AgentTls(certificates, new TlsContexts(ground.clock())));
        List<RpcTarget> targets =
                membership.servers().stream().map(ServerSeat::target).toList();
        RpcClient members =
                keep(new RpcClient(() -> targets, tls.asking(), ground.network().network()));
        RpcClient strangers = keep(new RpcClient(
                () -> targets, tls.askingAsStranger(), ground.network().network()));
        tls.onSwap(members::retireConnections);
        RemoteSigner signer = new RemoteSigner(members, strangers, certificates::agent, ground.clock());
        return new Running(certificates, signer, members);
    }

    record Running(CertificateManager certificates, RemoteSigner signer, RpcClient members) {}

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
