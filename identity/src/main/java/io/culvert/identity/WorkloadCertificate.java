package io.culvert.identity;

import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.List;

/**
 * A certificate with its key.
 *
 * @param chain the leaf first, then intermediates; without the root
 * @param generation grows with each renewal of this identity on this host; part of the key of pooled connections
 */
public record WorkloadCertificate(SpiffeId id, List<X509Certificate> chain, PrivateKey key, long generation) {
    public WorkloadCertificate {
        chain = List.copyOf(chain);
        if (chain.isEmpty()) {
            throw new IllegalArgumentException("certificate of " + id + ": no certificate in the chain");
        }
    }

    public X509Certificate leaf() {
        return chain.get(0);
    }

    public Instant notBefore() {
        return leaf().getNotBefore().toInstant();
    }

    public Instant notAfter() {
        return leaf().getNotAfter().toInstant();
    }

    /** Without the key. */
    @Override
    public String toString() {
        return "WorkloadCertificate[id=" + id + ", serial="
                + leaf().getSerialNumber().toString(16) + ", notAfter=" + notAfter() + ", generation=" + generation
                + ", key=****]";
    }
}
