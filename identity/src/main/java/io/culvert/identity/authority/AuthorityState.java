package io.culvert.identity.authority;

import io.culvert.identity.TrustDomain;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;

/** What a certificate authority has to remember. */
public record AuthorityState(TrustDomain trustDomain, X509Certificate root, PrivateKey key) {
    /** Without the key. */
    @Override
    public String toString() {
        return "AuthorityState[" + trustDomain + ", root "
                + root.getSerialNumber().toString(16) + ", key=****]";
    }
}
