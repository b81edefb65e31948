package io.culvert.identity;

import java.io.ByteArrayInputStream;
import java.math.BigInteger;
import java.security.KeyPair;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/** A certificate that the authority would never sign, field by field. */
final class ForgedCertificate {
    private final X500Name issuer;
    private final PrivateKey issuerKey;
    private final String signature;
    private final List<String> uris = new ArrayList<>();
    private Instant notBefore = TestPki.NOW.minusSeconds(60);
    private Instant notAfter = TestPki.NOW.plus(Duration.ofHours(1));
    private int usage = KeyUsage.digitalSignature;
    private KeyPurposeId[] purposes = {KeyPurposeId.id_kp_clientAuth, KeyPurposeId.id_kp_serverAuth};
    private BasicConstraints constraints = new BasicConstraints(false);

    private ForgedCertificate(X509Certificate issuer, PrivateKey issuerKey) {
        this.issuer = X500Name.getInstance(issuer.getSubjectX500Principal().getEncoded());
        this.issuerKey = issuerKey;
        this.signature = issuerKey.getAlgorithm().equals("RSA") ? "SHA256withRSA" : "SHA256withECDSA";
    }

    static ForgedCertificate by(TestPki pki) {
        return new ForgedCertificate(pki.state.root(), pki.state.key());
    }

    static ForgedCertificate by(X509Certificate issuer, KeyPair keys) {
        return new ForgedCertificate(issuer, keys.getPrivate());
    }

    ForgedCertificate uri(String uri) {
        uris.add(uri);
        return this;
    }

    ForgedCertificate valid(Instant from, Instant to) {
        notBefore = from;
        notAfter = to;
        return this;
    }

    ForgedCertificate usage(int bits) {
        usage = bits;
        return this;
    }

    ForgedCertificate purposes(KeyPurposeId... ids) {
        purposes = ids;
        return this;
    }

    ForgedCertificate authority(int pathLength) {
        constraints = new BasicConstraints(pathLength);
        usage = KeyUsage.keyCertSign;
        return this;
    }

    X509Certificate sign(PublicKey key) throws Exception {
        X509v3CertificateBuilder builder = new JcaX509v3CertificateBuilder(
                issuer,
                BigInteger.valueOf(4711),
                Date.from(notBefore),
                Date.from(notAfter),
                new X500Name("CN=forged " + uris.size()),
                key);
        builder.addExtension(Extension.basicConstraints, true, constraints);
        builder.addExtension(Extension.keyUsage, true, new KeyUsage(usage));
        if (purposes.length > 0) {
            builder.addExtension(Extension.extendedKeyUsage, false, new ExtendedKeyUsage(purposes));
        }
        if (!uris.isEmpty()) {
            GeneralName[] names = uris.stream()
                    .map(uri -> new GeneralName(GeneralName.uniformResourceIdentifier, uri))
                    .toArray(GeneralName[]::new);
            builder.addExtension(Extension.subjectAlternativeName, false, new GeneralNames(names));
        }
        byte[] der = builder.build(new JcaContentSignerBuilder(signature).build(issuerKey))
                .getEncoded();
        return (X509Certificate)
                CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(der));
    }
}
