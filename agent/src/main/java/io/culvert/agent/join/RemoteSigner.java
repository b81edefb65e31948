package io.culvert.agent.join;

import io.culvert.agent.join.JoinMessages.RenewRequest;
import io.culvert.agent.join.JoinMessages.SignAnswer;
import io.culvert.agent.join.JoinMessages.SignRequest;
import io.culvert.agent.rpc.RpcClient;
import io.culvert.agent.rpc.RpcQuestion;
import io.culvert.catalog.clock.WallClock;
import io.culvert.identity.SpiffeId;
import io.culvert.identity.WorkloadCertificate;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.Signature;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

/**
 * Certificates from a server, over mutual TLS. When this host was off for so long that its own certificate expired, that
 * one is renewed by showing that its key is still held.
 */
public final class RemoteSigner implements CertificateSigner {
    private static final Duration TIMEOUT = Duration.ofSeconds(20);

    private final RpcClient members;
    private final RpcClient strangers;
    private final Supplier<WorkloadCertificate> agent;
    private final WallClock clock;

    /**
     * @param members asks with this agent's certificate
     * @param strangers asks without one, of servers whose root is pinned
     * @param agent this agent's certificate
     */
    public RemoteSigner(RpcClient members, RpcClient strangers, Supplier<WorkloadCertificate> agent, WallClock clock) {
        this.members = members;
        this.strangers = strangers;
        this.agent = agent;
        this.clock = clock;
    }

    @Override
    public CompletableFuture<SignedCertificate> sign(SpiffeId id, byte[] request) {
        WorkloadCertificate own = agent.get();
        if (id.equals(own.id()) && clock.now().isAfter(own.notAfter())) {
            return parsed(strangers.ask(question(JoinMessages.RENEW, renewal(own, request))));
        }
        return parsed(members.ask(question(JoinMessages.SIGN, new SignRequest(id.uri(), request))));
    }

    private static RpcQuestion<SignAnswer> question(String method, Object request) {
        // Signing twice does no harm: the certificate that is not heard of is not used.
        return new RpcQuestion<>(method, request, SignAnswer.class, true, TIMEOUT);
    }

    private static RenewRequest renewal(WorkloadCertificate own, byte[] request) {
        try {
            Signature signer = Signature.getInstance("SHA256withECDSA");
            signer.initSign(own.key());
            signer.update(JoinMessages.renewalProof(request));
            return new RenewRequest(JoinMessages.der(own.chain()), request, signer.sign());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("cannot sign with the key of " + own.id(), e);
        }
    }

    private static CompletableFuture<SignedCertificate> parsed(CompletableFuture<SignAnswer> answer) {
        return answer.thenCompose(signed -> {
            try {
                return CompletableFuture.completedFuture(signed.toSigned());
            } catch (IOException e) {
                return CompletableFuture.failedFuture(e);
            }
        });
    }
}
