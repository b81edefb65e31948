package io.culvert.proxy.tls;

import io.culvert.catalog.clock.WallClock;
import io.culvert.identity.Fingerprint;
import io.culvert.identity.PeerExpectation;
import io.culvert.identity.PeerVerdict;
import io.culvert.identity.PeerVerifier;
import io.culvert.identity.SpiffeId;
import io.culvert.identity.TrustBundle;
import java.net.Socket;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.List;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedTrustManager;

/**
 * Trusts a server whose chain leads to one root known by its fingerprint only: all that a joining host has. The server
 * must present that root too. No clients are ever trusted.
 */
final class PinnedTrustManager extends X509ExtendedTrustManager {
    private final Fingerprint fingerprint;
    private final WallClock clock;

    PinnedTrustManager(Fingerprint fingerprint, WallClock clock) {
        this.fingerprint = fingerprint;
        this.clock = clock;
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType) throws CertificateException {
        X509Certificate root = Arrays.stream(chain)
                .filter(certificate -> Fingerprint.of(certificate).equals(fingerprint))
                .findFirst()
                .orElseThrow(() -> new PeerRejectedException(new PeerVerdict.Rejected(
                        PeerVerdict.Fault.UNTRUSTED,
                        "no certificate of the server has the fingerprint of the token, " + fingerprint)));
        TrustBundle bundle = new TrustBundle(claimed(chain[0]).trustDomain(), List.of(root), 0);
        PeerVerdict verdict = new PeerVerifier(bundle).verify(List.of(chain), PeerExpectation.anyServer(), clock.now());
        PeerRejectedException rejection = verdict.fold(verified -> null, PeerRejectedException::new);
        if (rejection != null) {
            throw rejection;
        }
    }

    /** The trust domain is the one thing taken from the chain itself: the pinned root vouches for it. */
    private static SpiffeId claimed(X509Certificate leaf) throws CertificateException {
        try {
            return TlsPeer.claimedId(leaf);
        } catch (IllegalArgumentException e) {
            throw new PeerRejectedException(
                    new PeerVerdict.Rejected(PeerVerdict.Fault.NO_IDENTITY, String.valueOf(e.getMessage())));
        }
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
            throws CertificateException {
        checkServerTrusted(chain, authType);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType, Socket socket)
            throws CertificateException {
        checkServerTrusted(chain, authType);
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType) throws CertificateException {
        throw noClients();
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
            throws CertificateException {
        throw noClients();
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType, Socket socket)
            throws CertificateException {
        throw noClients();
    }

    @Override
    public X509Certificate[] getAcceptedIssuers() {
        return new X509Certificate[0];
    }

    private static CertificateException noClients() {
        return new CertificateException("a pinned context is for clients only");
    }
}
