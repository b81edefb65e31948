package io.culvert.identity;

import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Optional;

/**
 * The roots that are trusted to speak for a trust domain: one, or several while roots are rotated.
 *
 * @param generation grows with each change; connections made under an older one are checked again
 */
public record TrustBundle(TrustDomain trustDomain, List<X509Certificate> roots, long generation) {
    /** More roots than any rotation needs. */
    public static final int MOST_ROOTS = 16;

    public TrustBundle {
        roots = List.copyOf(roots);
        if (roots.isEmpty() || roots.size() > MOST_ROOTS) {
            throw new IllegalArgumentException("trust bundle of " + trustDomain + ": " + roots.size()
                    + " roots (expected: 1 to " + MOST_ROOTS + ")");
        }
    }

    /** The fingerprint that join tokens carry: that of the newest root, which stands first. */
    public Fingerprint fingerprint() {
        return Fingerprint.of(roots.get(0));
    }

    /** The root with this fingerprint. */
    public Optional<X509Certificate> root(Fingerprint fingerprint) {
        return roots.stream()
                .filter(root -> Fingerprint.of(root).equals(fingerprint))
                .findFirst();
    }

    @Override
    public String toString() {
        return "TrustBundle[" + trustDomain + ", " + roots.size() + " roots, generation " + generation + "]";
    }
}
