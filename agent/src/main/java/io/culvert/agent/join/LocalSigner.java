package io.culvert.agent.join;

import io.culvert.catalog.clock.WallClock;
import io.culvert.identity.SpiffeId;
import io.culvert.identity.authority.CertificateAuthority;
import io.culvert.identity.authority.CertificateRefused;
import java.util.concurrent.CompletableFuture;

/** The server's own certificates come straight from its authority: they need nobody else. */
public final class LocalSigner implements CertificateSigner {
    private final CertificateAuthority authority;
    private final WallClock clock;

    public LocalSigner(CertificateAuthority authority, WallClock clock) {
        this.authority = authority;
        this.clock = clock;
    }

    @Override
    public CompletableFuture<SignedCertificate> sign(SpiffeId id, byte[] request) {
        try {
            return CompletableFuture.completedFuture(new SignedCertificate(
                    authority.sign(id, request, clock.now()), authority.bundle().roots()));
        } catch (CertificateRefused e) {
            return CompletableFuture.failedFuture(e);
        }
    }
}
