package io.culvert.identity;

import io.culvert.identity.PeerVerdict.Fault;
import io.culvert.identity.PeerVerdict.Rejected;
import io.culvert.identity.PeerVerdict.Verified;
import java.security.GeneralSecurityException;
import java.security.InvalidAlgorithmParameterException;
import java.security.NoSuchAlgorithmException;
import java.security.PublicKey;
import java.security.cert.CertPathValidator;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.CertificateParsingException;
import java.security.cert.PKIXCertPathValidatorResult;
import java.security.cert.PKIXParameters;
import java.security.cert.TrustAnchor;
import java.security.cert.X509Certificate;
import java.security.interfaces.ECPublicKey;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Decides who a peer is from the chain it presented. The path itself (signatures, names, path length, critical
 * extensions) is checked by the runtime's PKIX validator (RFC 5280 section 6); this class adds what a SPIFFE
 * X.509-SVID asks for: one URI name, a leaf that signs nothing, the right trust domain.
 */
public final class PeerVerifier {
    /** Leaf, two intermediates and a cross-signed root; anything longer is not ours. */
    static final int LONGEST_CHAIN = 4;

    private static final int DIGITAL_SIGNATURE = 0;
    private static final int KEY_CERT_SIGN = 5;
    private static final int CRL_SIGN = 6;
    private static final int URI_NAME = 6;
    private static final int NOT_AN_AUTHORITY = -1;
    private static final int P256_BITS = 256;

    private final TrustBundle bundle;
    private final Set<TrustAnchor> anchors;

    public PeerVerifier(TrustBundle bundle) {
        this.bundle = bundle;
        this.anchors = bundle.roots().stream()
                .map(root -> new TrustAnchor(root, null))
                .collect(Collectors.toUnmodifiableSet());
    }

    /**
     * Never throws for anything a peer can send.
     *
     * @param presented what the peer sent, leaf first; the root may be at the end
     */
    public PeerVerdict verify(List<X509Certificate> presented, PeerExpectation expected, Instant now) {
        if (presented.isEmpty()) {
            return new Rejected(Fault.NO_CERTIFICATE, "the peer presented no certificate");
        }
        if (presented.size() > LONGEST_CHAIN) {
            return new Rejected(
                    Fault.CHAIN_TOO_LONG,
                    "the peer presented " + presented.size() + " certificates (at most " + LONGEST_CHAIN + ")");
        }
        List<X509Certificate> path = withoutRoots(presented);
        if (path.isEmpty()) {
            return new Rejected(Fault.WRONG_USAGE, "the peer presented a root certificate as its own");
        }
        Rejected unfit = unfit(path, expected.role(), now);
        return unfit != null ? unfit : checkPath(path, expected, now);
    }

    private List<X509Certificate> withoutRoots(List<X509Certificate> presented) {
        return presented.stream()
                .filter(Predicate.not(bundle.roots()::contains))
                .toList();
    }

    private static @Nullable Rejected unfit(List<X509Certificate> path, PeerExpectation.Role role, Instant now) {
        X509Certificate leaf = path.get(0);
        for (int at = 0; at < path.size(); at++) {
            Rejected fault = at == 0 ? weakLeafKey(leaf) : weakKey(path.get(at));
            fault = fault != null ? fault : notInForce(path.get(at), now);
            if (fault != null) {
                return fault;
            }
        }
        return wrongUsage(leaf, role);
    }

    private static @Nullable Rejected weakKey(X509Certificate certificate) {
        PublicKey key = certificate.getPublicKey();
        return bits(key) >= P256_BITS ? null : weak(certificate, key, "an EC key of at least 256 bits");
    }

    private static @Nullable Rejected weakLeafKey(X509Certificate leaf) {
        PublicKey key = leaf.getPublicKey();
        return bits(key) == P256_BITS ? null : weak(leaf, key, "a P-256 key");
    }

    private static Rejected weak(X509Certificate certificate, PublicKey key, String wanted) {
        return new Rejected(
                Fault.WEAK_KEY,
                named(certificate) + " has a key of kind " + key.getAlgorithm() + " (expected: " + wanted + ")");
    }

    private static int bits(PublicKey key) {
        return key instanceof ECPublicKey ec
                ? ec.getParams().getCurve().getField().getFieldSize()
                : 0;
    }

    private static @Nullable Rejected notInForce(X509Certificate certificate, Instant now) {
        Instant notBefore = certificate.getNotBefore().toInstant();
        Instant notAfter = certificate.getNotAfter().toInstant();
        if (now.isAfter(notAfter)) {
            return new Rejected(Fault.EXPIRED, named(certificate) + " expired at " + notAfter + " (now " + now + ")");
        }
        if (now.isBefore(notBefore)) {
            return new Rejected(
                    Fault.NOT_YET_VALID,
                    named(certificate) + " is valid from " + notBefore + " only (now " + now + "; check the clocks)");
        }
        return null;
    }

    private static @Nullable Rejected wrongUsage(X509Certificate leaf, PeerExpectation.Role role) {
        boolean[] usage = leaf.getKeyUsage();
        if (leaf.getBasicConstraints() != NOT_AN_AUTHORITY
                || usage == null
                || !usage[DIGITAL_SIGNATURE]
                || usage[KEY_CERT_SIGN]
                || usage[CRL_SIGN]) {
            return new Rejected(
                    Fault.WRONG_USAGE,
                    named(leaf) + " is no leaf for signing handshakes (basic constraints, key usage)");
        }
        if (!purposes(leaf).contains(role.keyPurpose())) {
            return new Rejected(Fault.WRONG_USAGE, named(leaf) + " may not be used by a TLS " + role);
        }
        return null;
    }

    private static List<String> purposes(X509Certificate leaf) {
        try {
            List<String> purposes = leaf.getExtendedKeyUsage();
            return purposes == null ? List.of() : purposes;
        } catch (CertificateParsingException e) {
            return List.of();
        }
    }

    private PeerVerdict checkPath(List<X509Certificate> path, PeerExpectation expected, Instant now) {
        try {
            PKIXParameters parameters = new PKIXParameters(anchors);
            parameters.setRevocationEnabled(false);
            parameters.setDate(Date.from(now));
            PKIXCertPathValidatorResult result = (PKIXCertPathValidatorResult) CertPathValidator.getInstance("PKIX")
                    .validate(CertificateFactory.getInstance("X.509").generateCertPath(path), parameters);
            return checkIdentity(path, result.getTrustAnchor().getTrustedCert(), expected);
        } catch (CertPathValidatorException | CertificateException e) {
            return new Rejected(
                    Fault.UNTRUSTED,
                    named(path.get(0)) + " does not lead to a root of " + bundle.trustDomain() + ": " + e.getMessage());
        } catch (InvalidAlgorithmParameterException | NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java runtime validates PKIX paths", e);
        }
    }

    private PeerVerdict checkIdentity(List<X509Certificate> path, X509Certificate root, PeerExpectation expected) {
        X509Certificate leaf = path.get(0);
        SpiffeId id;
        try {
            id = SpiffeId.parse(onlyUri(leaf));
        } catch (IllegalArgumentException | GeneralSecurityException e) {
            return new Rejected(Fault.NO_IDENTITY, named(leaf) + " carries no identity: " + e.getMessage());
        }
        if (!id.trustDomain().equals(bundle.trustDomain())) {
            return new Rejected(
                    Fault.WRONG_TRUST_DOMAIN, "the peer is " + id + " (expected: of " + bundle.trustDomain() + ")");
        }
        if (!expected.identity().map(id::equals).orElse(true)) {
            return new Rejected(
                    Fault.WRONG_IDENTITY,
                    "the peer is " + id + " (expected: " + expected.identity().get() + ")");
        }
        return new Verified(id, firstExpiry(path, root));
    }

    /** The URI name of {@code certificate}, which must be the only one (X509-SVID section 2). */
    static String onlyUri(X509Certificate certificate) throws CertificateParsingException {
        var names = certificate.getSubjectAlternativeNames();
        List<String> uris = names == null
                ? List.of()
                : names.stream()
                        .filter(name -> name.get(0).equals(URI_NAME))
                        .map(name -> String.valueOf(name.get(1)))
                        .toList();
        if (uris.size() != 1) {
            throw new IllegalArgumentException(uris.size() + " URI names (expected: exactly one)");
        }
        return uris.get(0);
    }

    private static Instant firstExpiry(List<X509Certificate> path, X509Certificate root) {
        Instant first = root.getNotAfter().toInstant();
        for (X509Certificate certificate : path) {
            Instant notAfter = certificate.getNotAfter().toInstant();
            first = notAfter.isBefore(first) ? notAfter : first;
        }
        return first;
    }

    private static String named(X509Certificate certificate) {
        return "certificate " + certificate.getSerialNumber().toString(16) + " of '"
                + Printable.of(certificate.getSubjectX500Principal().getName()) + "'";
    }
}
