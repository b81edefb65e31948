package io.culvert.agent.join;

import java.security.cert.X509Certificate;
import java.util.List;

/** What the authority gives: a chain, leaf first, and the roots that are trusted now, the newest first. */
public record SignedCertificate(List<X509Certificate> chain, List<X509Certificate> roots) {
    public SignedCertificate {
        chain = List.copyOf(chain);
        roots = List.copyOf(roots);
    }
}
