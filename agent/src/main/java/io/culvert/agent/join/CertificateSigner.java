package io.culvert.agent.join;

import io.culvert.identity.SpiffeId;
import java.util.concurrent.CompletableFuture;

/** Has certificates signed: by the authority in this process, or by a server. */
public interface CertificateSigner {
    /**
     * A certificate for {@code id} and the key of {@code request}. Never blocks; the future fails with a sentence in the
     * exception's message.
     *
     * @param request PKCS #10 in DER
     */
    CompletableFuture<SignedCertificate> sign(SpiffeId id, byte[] request);
}
