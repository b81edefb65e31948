package io.culvert.agent.join;

import io.culvert.agent.join.JoinMessages.JoinAnswer;
import io.culvert.agent.join.JoinMessages.JoinRequest;
import io.culvert.agent.rpc.RpcClient;
import io.culvert.agent.rpc.RpcFailure;
import io.culvert.agent.rpc.RpcQuestion;
import io.culvert.agent.rpc.RpcTarget;
import io.culvert.catalog.NodeName;
import io.culvert.catalog.clock.WallClock;
import io.culvert.gossip.identity.PublicKeyBytes;
import io.culvert.gossip.keyring.Keyring;
import io.culvert.gossip.keyring.PoolKey;
import io.culvert.identity.AgentIdentity;
import io.culvert.identity.PeerExpectation;
import io.culvert.identity.PeerVerdict;
import io.culvert.identity.PeerVerifier;
import io.culvert.identity.TrustBundle;
import io.culvert.identity.TrustDomain;
import io.culvert.identity.WorkloadCertificate;
import io.culvert.identity.authority.KeyPairs;
import io.culvert.identity.authority.SigningRequest;
import io.culvert.identity.join.JoinToken;
import io.culvert.proxy.tls.RotatingContext;
import io.culvert.proxy.tls.ServerNames;
import io.culvert.proxy.tls.TlsContexts;
import io.culvert.proxy.tls.TlsProtocol;
import java.io.IOException;
import java.security.KeyPair;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;

/**
 * Brings this host in. The server is known by the fingerprint in the token: the secret is sent only after a handshake in
 * which the server proved to stand below that root. Blocks; never on an event loop.
 */
public final class JoinClient {
    private static final Duration TIMEOUT = Duration.ofSeconds(10);

    private final RpcClient.Network network;
    private final WallClock clock;
    private final SecureRandom random;

    public JoinClient(RpcClient.Network network, WallClock clock, SecureRandom random) {
        this.network = network;
        this.clock = clock;
        this.random = random;
    }

    /** Who wants to join. */
    public record Applicant(NodeName node, String datacenter, PublicKeyBytes nodeKey) {}

    /** Asks the token's servers one after the other, and puts what they give on disk, the membership last. */
    public MeshMembership join(JoinToken token, Applicant applicant, MeshFiles files)
            throws JoinFailure, IOException, InterruptedException {
        KeyPair keys = KeyPairs.generate(random);
        JoinRequest request = new JoinRequest(
                token.id(),
                token.secret(),
                applicant.node().text(),
                applicant.datacenter(),
                applicant.nodeKey().bytes(),
                SigningRequest.create(keys));
        Admitted admitted = ask(token, request);
        try {
            return accept(token, applicant, keys, admitted, files);
        } catch (IllegalArgumentException e) {
            throw new JoinFailure(admitted.address() + ": the server's answer makes no sense: " + e.getMessage(), e);
        }
    }

    private record Admitted(String address, JoinAnswer answer) {}

    private Admitted ask(JoinToken token, JoinRequest request) throws JoinFailure, IOException, InterruptedException {
        List<String> reasons = new ArrayList<>();
        try (RotatingContext context =
                new RotatingContext(new TlsContexts(clock).pinnedClient(token.anchor(), TlsProtocol.REQUESTS))) {
            for (String address : token.addresses()) {
                RpcTarget target = RpcTarget.parse(address, Optional.empty());
                try (RpcClient client = new RpcClient(
                        () -> List.of(target),
                        allocator ->
                                context.newHandler(allocator, ServerNames.serverName(ServerNames.JOIN), target.port()),
                        network)) {
                    return new Admitted(address, askOne(client, request));
                } catch (RpcFailure failure) {
                    if (!failure.error().nothingDone()) {
                        throw new JoinFailure(told(address, failure), failure);
                    }
                    reasons.add(told(address, failure));
                }
            }
        }
        throw new JoinFailure("no server of the token lets this host in: " + String.join("; ", reasons));
    }

    private static String told(String address, RpcFailure failure) {
        String message = String.valueOf(failure.getMessage());
        return message.startsWith(address) ? message : address + ": " + message;
    }

    private static JoinAnswer askOne(RpcClient client, JoinRequest request) throws RpcFailure, InterruptedException {
        try {
            return client.ask(new RpcQuestion<>(JoinMessages.JOIN, request, JoinAnswer.class, false, TIMEOUT))
                    .get();
        } catch (ExecutionException | CancellationException e) {
            RpcFailure failure = RpcFailure.in(e);
            if (failure != null) {
                throw failure;
            }
            throw new IllegalStateException("asking to join failed", e);
        }
    }

    private MeshMembership accept(
            JoinToken token, Applicant applicant, KeyPair keys, Admitted admitted, MeshFiles files)
            throws JoinFailure, IOException {
        JoinAnswer answer = admitted.answer();
        TrustDomain trustDomain = new TrustDomain(answer.trustDomain());
        AgentIdentity id = new AgentIdentity(trustDomain, answer.datacenter(), applicant.node());
        TrustBundle bundle = new TrustBundle(trustDomain, JoinMessages.certificates(answer.roots()), 1);
        if (bundle.root(token.anchor()).isEmpty()) {
            throw new JoinFailure(admitted.address() + ": the roots it gave do not have the fingerprint of the token");
        }
        List<X509Certificate> chain = JoinMessages.certificates(answer.chain());
        PeerVerdict verdict = new PeerVerifier(bundle)
                .verify(chain, new PeerExpectation(Optional.of(id), PeerExpectation.Role.CLIENT), clock.now());
        if (verdict instanceof PeerVerdict.Rejected rejected) {
            throw new JoinFailure(admitted.address() + ": the certificate it gave is no good: " + rejected.sentence());
        }
        if (!chain.get(0).getPublicKey().equals(keys.getPublic())) {
            throw new JoinFailure(admitted.address() + ": the certificate it gave is for another key");
        }
        MeshMembership membership = new MeshMembership(
                trustDomain, answer.datacenter(), applicant.node(), false, seats(admitted), answer.gossipSeeds());
        if (membership.servers().isEmpty()) {
            throw new JoinFailure(admitted.address() + ": it names no server");
        }
        files.write(Keyring.of(PoolKey.of(answer.poolKey())));
        files.write(bundle);
        files.certificates().write(new WorkloadCertificate(id, chain, keys.getPrivate(), 1));
        files.write(membership);
        return membership;
    }

    /** As the server tells them; the address that has just worked is kept beside, for it may be another way there. */
    private static List<ServerSeat> seats(Admitted admitted) {
        List<ServerSeat> seats = new ArrayList<>(admitted.answer().servers().stream()
                .map(JoinMessages.Seat::toSeat)
                .toList());
        if (seats.size() == 1) {
            ServerSeat reached = new ServerSeat(admitted.address(), seats.get(0).id());
            if (!seats.contains(reached)) {
                seats.add(0, reached);
            }
        }
        return seats;
    }
}
