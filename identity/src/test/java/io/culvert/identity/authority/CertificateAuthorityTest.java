package io.culvert.identity.authority;

import static io.culvert.identity.TestPki.NOW;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.culvert.identity.SpiffeId;
import io.culvert.identity.TestPki;
import io.culvert.testbed.kit.Property;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Security;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.ExtensionsGenerator;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.bouncycastle.pkcs.jcajce.JcaPKCS10CertificationRequestBuilder;
import org.junit.jupiter.api.Test;

class CertificateAuthorityTest {
    private final TestPki pki = new TestPki("ours.culvert");

    @Test
    void a_root_signs_itself_for_ten_years_and_names_its_domain() throws Exception {
        X509Certificate root = pki.state.root();
        root.verify(root.getPublicKey());
        assertThat(root.getBasicConstraints()).isEqualTo(1);
        assertThat(root.getNotBefore().toInstant()).isEqualTo(NOW.minusSeconds(60));
        assertThat(root.getNotAfter().toInstant()).isEqualTo(NOW.plus(Duration.ofDays(3_650)));
        assertThat(root.getSubjectX500Principal().getName())
                .matches("CN=pri-[0-9a-f]{8}\\.culvert\\.ca\\.ours\\.cul\\.culvert");
        assertThat(root.getSubjectAlternativeNames()).containsExactly(List.of(6, "spiffe://ours.culvert"));
    }

    @Test
    void a_leaf_says_what_the_authority_decides_for_three_days() throws Exception {
        SpiffeId id = pki.service("web");
        KeyPair keys = pki.keys();
        List<X509Certificate> chain = pki.authority.sign(id, SigningRequest.create(keys), NOW);
        assertThat(chain).hasSize(1);
        X509Certificate leaf = chain.get(0);
        leaf.verify(pki.state.root().getPublicKey());
        assertThat(leaf.getPublicKey()).isEqualTo(keys.getPublic());
        assertThat(leaf.getNotBefore().toInstant()).isEqualTo(NOW.minusSeconds(60));
        assertThat(leaf.getNotAfter().toInstant()).isEqualTo(NOW.plus(Duration.ofHours(72)));
        assertThat(leaf.getSubjectAlternativeNames()).containsExactly(List.of(6, id.uri()));
        assertThat(leaf.getSubjectX500Principal().getName()).isEqualTo("CN=web.svc.default.ours.cul.culvert");
        assertThat(leaf.getSerialNumber().bitLength()).isLessThanOrEqualTo(128);
    }

    @Test
    void no_two_serials_are_alike() throws Exception {
        Set<Object> serials = new HashSet<>();
        KeyPair keys = pki.keys();
        for (int i = 0; i < 200; i++) {
            assertThat(serials.add(pki.authority
                            .sign(pki.service("web"), keys.getPublic(), NOW)
                            .get(0)
                            .getSerialNumber()))
                    .isTrue();
        }
    }

    @Test
    void a_name_longer_than_a_subject_allows_is_whole_in_the_uri() throws Exception {
        SpiffeId id = pki.service("x".repeat(63) + "ß".repeat(60));
        X509Certificate leaf =
                pki.authority.sign(id, pki.keys().getPublic(), NOW).get(0);
        assertThat(leaf.getSubjectAlternativeNames()).containsExactly(List.of(6, id.uri()));
    }

    @Test
    void what_a_request_asks_for_besides_its_key_is_not_read() throws Exception {
        KeyPair keys = pki.keys();
        ExtensionsGenerator wishes = new ExtensionsGenerator();
        wishes.addExtension(Extension.basicConstraints, true, new BasicConstraints(true));
        wishes.addExtension(
                Extension.subjectAlternativeName,
                false,
                new GeneralNames(new GeneralName(
                        GeneralName.uniformResourceIdentifier, pki.service("db").uri())));
        byte[] request = new JcaPKCS10CertificationRequestBuilder(new X500Name("CN=db"), keys.getPublic())
                .addAttribute(PKCSObjectIdentifiers.pkcs_9_at_extensionRequest, wishes.generate())
                .build(new JcaContentSignerBuilder("SHA256withECDSA").build(keys.getPrivate()))
                .getEncoded();
        X509Certificate leaf =
                pki.authority.sign(pki.service("web"), request, NOW).get(0);
        assertThat(leaf.getSubjectAlternativeNames())
                .containsExactly(List.of(6, pki.service("web").uri()));
        assertThat(leaf.getBasicConstraints()).isEqualTo(-1);
        assertThat(leaf.getSubjectX500Principal().getName()).startsWith("CN=web.");
    }

    @Test
    void a_request_for_a_key_that_the_sender_does_not_hold_is_refused() throws Exception {
        KeyPair victim = pki.keys();
        KeyPair thief = pki.keys();
        byte[] request = new JcaPKCS10CertificationRequestBuilder(new X500Name(""), victim.getPublic())
                .build(new JcaContentSignerBuilder("SHA256withECDSA").build(thief.getPrivate()))
                .getEncoded();
        assertThatThrownBy(() -> pki.authority.sign(pki.service("web"), request, NOW))
                .isInstanceOf(CertificateRefused.class)
                .hasMessageContaining("signature");
    }

    @Test
    void a_request_for_another_kind_of_key_is_refused() throws Exception {
        KeyPairGenerator p384 = KeyPairGenerator.getInstance("EC");
        p384.initialize(new ECGenParameterSpec("secp384r1"));
        KeyPairGenerator rsa = KeyPairGenerator.getInstance("RSA");
        rsa.initialize(2_048);
        for (KeyPairGenerator generator : List.of(p384, rsa)) {
            KeyPair keys = generator.generateKeyPair();
            String signature = generator == rsa ? "SHA256withRSA" : "SHA256withECDSA";
            byte[] request = new JcaPKCS10CertificationRequestBuilder(new X500Name(""), keys.getPublic())
                    .build(new JcaContentSignerBuilder(signature).build(keys.getPrivate()))
                    .getEncoded();
            assertThatThrownBy(() -> SigningRequest.parse(request))
                    .isInstanceOf(CertificateRefused.class)
                    .hasMessageContaining("P-256");
        }
    }

    @Test
    void an_id_of_another_trust_domain_is_refused() {
        SpiffeId foreign = new TestPki("others.culvert").service("web");
        assertThatThrownBy(() -> pki.authority.sign(foreign, pki.keys().getPublic(), NOW))
                .isInstanceOf(CertificateRefused.class)
                .hasMessageContaining("others.culvert");
    }

    @Test
    void no_leaf_outlives_its_root() {
        assertThatThrownBy(() -> pki.authority.sign(
                        pki.service("web"), pki.keys().getPublic(), NOW.plus(Duration.ofDays(3_648))))
                .isInstanceOf(CertificateRefused.class)
                .hasMessageContaining("root expires");
    }

    @Test
    void damaged_requests_are_refused_and_nothing_else_happens() {
        byte[] good = SigningRequest.create(pki.keys());
        Property.forSeeds(2_000, random -> {
            byte[] bytes = random.nextInt(4) == 0 ? Property.bytes(random, random.nextInt(400)) : good.clone();
            for (int i = 1 + random.nextInt(3); i > 0 && bytes.length > 0; i--) {
                bytes[random.nextInt(bytes.length)] ^= (byte) (1 << random.nextInt(8));
            }
            try {
                assertThat(SigningRequest.parse(bytes).publicKey().getAlgorithm())
                        .isEqualTo("EC");
            } catch (CertificateRefused refused) {
                assertThat(refused.getMessage()).startsWith("signing request");
            }
        });
        assertThatThrownBy(() -> SigningRequest.parse(new byte[SigningRequest.LONGEST + 1]))
                .isInstanceOf(CertificateRefused.class);
    }

    @Test
    void the_life_of_leaves_has_bounds() {
        assertThat(AuthoritySettings.DEFAULT.leafLife()).isEqualTo(Duration.ofHours(72));
        assertThat(new AuthoritySettings(Duration.ofMinutes(1)).leafLife()).isEqualTo(Duration.ofMinutes(1));
        for (Duration wrong : List.of(Duration.ofSeconds(59), Duration.ofDays(366))) {
            assertThatThrownBy(() -> new AuthoritySettings(wrong)).hasMessageContaining("leaf life");
        }
    }

    @Test
    void keys_never_show_in_text_and_no_provider_is_registered() {
        assertThat(pki.state.toString()).contains("****").doesNotContain("Key@");
        assertThat(pki.certificate(pki.service("web")).toString()).contains("key=****");
        assertThat(Security.getProvider("BC")).isNull();
    }
}
