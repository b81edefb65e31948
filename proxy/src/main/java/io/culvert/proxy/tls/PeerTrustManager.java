package io.culvert.proxy.tls;

import io.culvert.catalog.clock.WallClock;
import io.culvert.identity.PeerExpectation;
import io.culvert.identity.PeerVerdict;
import io.culvert.identity.PeerVerifier;
import io.culvert.identity.TrustBundle;
import java.net.Socket;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.List;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedTrustManager;

/** Lets the mesh's own verifier decide on a peer inside the handshake. No state, any thread, never blocks. */
final class PeerTrustManager extends X509ExtendedTrustManager {
    private final PeerVerifier verifier;
    private final WallClock clock;

    PeerTrustManager(TrustBundle bundle, WallClock clock) {
        this.verifier = new PeerVerifier(bundle);
        this.clock = clock;
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
            throws CertificateException {
        check(chain, PeerExpectation.anyClient());
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
            throws CertificateException {
        check(chain, PeerExpectation.anyServer());
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType) throws CertificateException {
        check(chain, PeerExpectation.anyClient());
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType) throws CertificateException {
        check(chain, PeerExpectation.anyServer());
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType, Socket socket)
            throws CertificateException {
        check(chain, PeerExpectation.anyClient());
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType, Socket socket)
            throws CertificateException {
        check(chain, PeerExpectation.anyServer());
    }

    /** None: clients have only one certificate to choose, and would hold it back for a root they do not see here. */
    @Override
    public X509Certificate[] getAcceptedIssuers() {
        return new X509Certificate[0];
    }

    private void check(X509Certificate[] chain, PeerExpectation expected) throws CertificateException {
        PeerVerdict verdict = verifier.verify(List.of(chain), expected, clock.now());
        PeerRejectedException rejection = verdict.fold(verified -> null, PeerRejectedException::new);
        if (rejection != null) {
            throw rejection;
        }
    }
}
