package io.culvert.agent.join;

import io.culvert.agent.join.JoinMessages.SignAnswer;
import io.culvert.agent.join.JoinMessages.SignRequest;
import io.culvert.agent.rpc.RpcFailure;
import io.culvert.agent.rpc.RpcMethods;
import io.culvert.agent.rpc.RpcPeer;
import io.culvert.agent.rpc.wire.RpcError;
import io.culvert.catalog.clock.WallClock;
import io.culvert.identity.AgentIdentity;
import io.culvert.identity.ServiceIdentity;
import io.culvert.identity.SpiffeId;
import io.culvert.identity.authority.CertificateAuthority;
import io.culvert.identity.authority.CertificateRefused;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Signs for agents of the mesh, and only for them: their own certificate, and those of services on their host. Any agent
 * may have a certificate for any service of its datacenter.
 */
public final class SigningService {
    private static final Logger log = LoggerFactory.getLogger(SigningService.class);

    private final CertificateAuthority authority;
    private final WallClock clock;

    public SigningService(CertificateAuthority authority, WallClock clock) {
        this.authority = authority;
        this.clock = clock;
    }

    /** Adds what members may ask for: {@code identity.sign}. */
    public void register(RpcMethods members) {
        members.register(
                JoinMessages.SIGN,
                SignRequest.class,
                (request, peer) -> CompletableFuture.completedFuture(sign(request, peer)));
    }

    private SignAnswer sign(SignRequest request, RpcPeer peer) throws RpcFailure {
        SpiffeId wanted = parse(request.id());
        if (!(peer.id().orElse(null) instanceof AgentIdentity agent) || !may(agent, wanted)) {
            log.atWarn().addKeyValue("peer", peer).addKeyValue("wanted", wanted).log("certificate refused");
            throw RpcFailure.refused(peer.id().map(SpiffeId::uri).orElse("a stranger")
                    + " may not have a certificate for " + wanted
                    + " (expected: its own id, or a service of its datacenter)");
        }
        try {
            List<X509Certificate> chain = authority.sign(wanted, request.request(), clock.now());
            log.atInfo()
                    .addKeyValue("id", wanted)
                    .addKeyValue("serial", chain.get(0).getSerialNumber().toString(16))
                    .addKeyValue("peer", peer)
                    .log("certificate issued");
            return new SignAnswer(
                    JoinMessages.der(chain), JoinMessages.der(authority.bundle().roots()));
        } catch (CertificateRefused e) {
            throw RpcFailure.refused(String.valueOf(e.getMessage()));
        }
    }

    private static boolean may(AgentIdentity agent, SpiffeId wanted) {
        return wanted instanceof ServiceIdentity
                ? wanted.trustDomain().equals(agent.trustDomain())
                        && wanted.datacenter().equals(agent.datacenter())
                : wanted.equals(agent);
    }

    private static SpiffeId parse(String id) throws RpcFailure {
        try {
            return SpiffeId.parse(id);
        } catch (IllegalArgumentException e) {
            throw new RpcFailure(RpcError.BAD_REQUEST, String.valueOf(e.getMessage()));
        }
    }
}
