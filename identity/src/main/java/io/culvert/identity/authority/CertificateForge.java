package io.culvert.identity.authority;

import io.culvert.identity.authority.CertificateAuthority.Life;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.security.NoSuchAlgorithmException;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.Date;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x500.X500NameBuilder;
import org.bouncycastle.asn1.x500.style.BCStyle;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.cert.jcajce.JcaX509ExtensionUtils;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/** Writes and signs X.509 certificates (RFC 5280) with the extensions that each kind has. */
final class CertificateForge {
    /** 127 random bits: unguessable, positive, and within the 20 bytes of RFC 5280 section 4.1.2.2. */
    private static final int SERIAL_BITS = 127;

    /** RFC 5280 appendix A: ub-common-name. */
    private static final int LONGEST_COMMON_NAME = 64;

    /** Below the root there may be one intermediate. */
    private static final int ROOT_PATH_LENGTH = 1;

    private final SecureRandom random;

    CertificateForge(SecureRandom random) {
        this.random = random;
    }

    /** What a leaf says. */
    record Leaf(PublicKey key, String subject, String uri, Life life) {}

    X509Certificate root(KeyPair keys, String subject, String uri, Life life) {
        try {
            X500Name name = name(subject);
            X509v3CertificateBuilder builder = builder(name, name, keys.getPublic(), life)
                    .addExtension(Extension.basicConstraints, true, new BasicConstraints(ROOT_PATH_LENGTH))
                    .addExtension(
                            Extension.keyUsage,
                            true,
                            new KeyUsage(KeyUsage.keyCertSign | KeyUsage.cRLSign | KeyUsage.digitalSignature))
                    .addExtension(
                            Extension.subjectKeyIdentifier,
                            false,
                            new JcaX509ExtensionUtils().createSubjectKeyIdentifier(keys.getPublic()))
                    .addExtension(Extension.subjectAlternativeName, false, uriName(uri));
            return signed(builder, keys.getPrivate());
        } catch (IOException | NoSuchAlgorithmException e) {
            throw new IllegalStateException("root certificate '" + subject + "' cannot be encoded", e);
        }
    }

    X509Certificate leaf(Leaf leaf, AuthorityState issuer) {
        try {
            X500Name issuerName =
                    X500Name.getInstance(issuer.root().getSubjectX500Principal().getEncoded());
            JcaX509ExtensionUtils keyIds = new JcaX509ExtensionUtils();
            X509v3CertificateBuilder builder = builder(issuerName, name(leaf.subject()), leaf.key(), leaf.life())
                    .addExtension(Extension.basicConstraints, true, new BasicConstraints(false))
                    .addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.digitalSignature))
                    .addExtension(Extension.extendedKeyUsage, false, new ExtendedKeyUsage(new KeyPurposeId[] {
                        KeyPurposeId.id_kp_serverAuth, KeyPurposeId.id_kp_clientAuth
                    }))
                    .addExtension(Extension.subjectKeyIdentifier, false, keyIds.createSubjectKeyIdentifier(leaf.key()))
                    .addExtension(
                            Extension.authorityKeyIdentifier,
                            false,
                            keyIds.createAuthorityKeyIdentifier(issuer.root().getPublicKey()))
                    .addExtension(Extension.subjectAlternativeName, false, uriName(leaf.uri()));
            return signed(builder, issuer.key());
        } catch (IOException | NoSuchAlgorithmException e) {
            throw new IllegalStateException("certificate for " + leaf.uri() + " cannot be encoded", e);
        }
    }

    private X509v3CertificateBuilder builder(X500Name issuer, X500Name subject, PublicKey key, Life life) {
        return new X509v3CertificateBuilder(
                issuer,
                new BigInteger(SERIAL_BITS, random).add(BigInteger.ONE),
                Date.from(life.notBefore()),
                Date.from(life.notAfter()),
                subject,
                SubjectPublicKeyInfo.getInstance(key.getEncoded()));
    }

    private X509Certificate signed(X509v3CertificateBuilder builder, PrivateKey key) throws IOException {
        try {
            byte[] der = builder.build(new JcaContentSignerBuilder(KeyPairs.SIGNATURE)
                            .setSecureRandom(random)
                            .build(key))
                    .getEncoded();
            return (X509Certificate)
                    CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(der));
        } catch (OperatorCreationException | CertificateException e) {
            throw new IllegalStateException("every Java runtime signs with " + KeyPairs.SIGNATURE, e);
        }
    }

    private static GeneralNames uriName(String uri) {
        return new GeneralNames(new GeneralName(GeneralName.uniformResourceIdentifier, uri));
    }

    private static X500Name name(String commonName) {
        int end = Math.min(commonName.length(), LONGEST_COMMON_NAME);
        if (Character.isHighSurrogate(commonName.charAt(end - 1))) {
            end--;
        }
        String cut = new String(commonName.substring(0, end).getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8);
        return new X500NameBuilder(BCStyle.INSTANCE).addRDN(BCStyle.CN, cut).build();
    }
}
