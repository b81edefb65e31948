package io.culvert.proxy.tls;

import io.culvert.identity.PeerVerdict;
import java.security.cert.CertificateException;

/** Carries the verdict on a peer's certificate through the TLS engine, which knows only exceptions. */
final class PeerRejectedException extends CertificateException {
    private static final long serialVersionUID = 1L;
    private final PeerVerdict.Fault fault;

    PeerRejectedException(PeerVerdict.Rejected rejected) {
        super(rejected.sentence());
        this.fault = rejected.fault();
    }

    PeerVerdict.Fault fault() {
        return fault;
    }
}
