package io.culvert.identity.authority;

import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.PublicKey;
import java.security.spec.X509EncodedKeySpec;
import org.bouncycastle.asn1.sec.SECObjectIdentifiers;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.asn1.x9.X9ObjectIdentifiers;
import org.bouncycastle.crypto.util.PublicKeyFactory;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.bouncycastle.operator.jcajce.JcaContentVerifierProviderBuilder;
import org.bouncycastle.pkcs.PKCS10CertificationRequest;
import org.bouncycastle.pkcs.PKCSException;
import org.bouncycastle.pkcs.jcajce.JcaPKCS10CertificationRequestBuilder;

/**
 * A PKCS #10 request (RFC 2986), of which only the key counts: who the certificate is for is the authority's decision,
 * so subject and extensions of a request are never read.
 *
 * @param publicKey a P-256 key whose private half the sender has been seen to hold
 */
public record SigningRequest(PublicKey publicKey) {
    /** A request for a P-256 key takes about 200 bytes. */
    public static final int LONGEST = 4_096;

    /** A request for {@code keys} in DER. */
    public static byte[] create(KeyPair keys) {
        try {
            return new JcaPKCS10CertificationRequestBuilder(new X500Name(""), keys.getPublic())
                    .build(new JcaContentSignerBuilder(KeyPairs.SIGNATURE).build(keys.getPrivate()))
                    .getEncoded();
        } catch (OperatorCreationException | IOException e) {
            throw new IllegalStateException("every Java runtime signs with " + KeyPairs.SIGNATURE, e);
        }
    }

    /** Reads a request in DER and checks its signature. */
    public static SigningRequest parse(byte[] der) throws CertificateRefused {
        if (der.length > LONGEST) {
            throw new CertificateRefused(
                    "signing request: " + der.length + " bytes (expected: at most " + LONGEST + ")");
        }
        try {
            return checked(new PKCS10CertificationRequest(der));
        } catch (CertificateRefused e) {
            throw e;
        } catch (IOException | PKCSException | GeneralSecurityException | OperatorCreationException e) {
            throw malformed(e);
        } catch (RuntimeException e) {
            // The decoder throws whatever its innards trip over; the bytes come from a stranger.
            throw malformed(e);
        }
    }

    private static SigningRequest checked(PKCS10CertificationRequest request)
            throws CertificateRefused, IOException, PKCSException, GeneralSecurityException, OperatorCreationException {
        SubjectPublicKeyInfo info = request.getSubjectPublicKeyInfo();
        if (!info.getAlgorithm().getAlgorithm().equals(X9ObjectIdentifiers.id_ecPublicKey)
                || !SECObjectIdentifiers.secp256r1.equals(info.getAlgorithm().getParameters())) {
            throw new CertificateRefused("signing request: the key is not a P-256 key");
        }
        // Refuses points that are not on the curve, which the runtime's key factory lets pass.
        if (PublicKeyFactory.createKey(info).isPrivate()) {
            throw new CertificateRefused("signing request: the key is not a public one");
        }
        PublicKey key = KeyFactory.getInstance("EC").generatePublic(new X509EncodedKeySpec(info.getEncoded()));
        if (!request.isSignatureValid(new JcaContentVerifierProviderBuilder().build(key))) {
            throw new CertificateRefused("signing request: its signature was not made with the key in it");
        }
        return new SigningRequest(key);
    }

    private static CertificateRefused malformed(Exception cause) {
        return new CertificateRefused("signing request: not a PKCS #10 request for a P-256 key", cause);
    }
}
