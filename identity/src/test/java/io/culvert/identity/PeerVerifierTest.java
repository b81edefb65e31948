package io.culvert.identity;

import static io.culvert.identity.TestPki.NOW;
import static org.assertj.core.api.Assertions.assertThat;

import io.culvert.identity.PeerVerdict.Fault;
import io.culvert.identity.PeerVerdict.Rejected;
import io.culvert.identity.PeerVerdict.Verified;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PublicKey;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.util.List;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PeerVerifierTest {
    private static final TestPki OURS = new TestPki("ours.culvert");
    private static final TestPki OTHERS = new TestPki("others.culvert");
    private static final String WEB = OURS.service("web").uri();

    private final PeerVerifier verifier = new PeerVerifier(OURS.bundle());
    private final PublicKey key = OURS.keys().getPublic();

    @Test
    void a_service_of_the_mesh_is_who_it_says() {
        PeerVerdict verdict =
                verifier.verify(OURS.chain(OURS.service("web")), PeerExpectation.server(OURS.service("WEB")), NOW);
        assertThat(verdict).isEqualTo(new Verified(OURS.service("web"), NOW.plus(Duration.ofHours(72))));
    }

    @Test
    void a_chain_that_ends_with_the_root_itself_is_accepted() {
        List<X509Certificate> chain = List.of(OURS.chain(OURS.agent("db-1")).get(0), OURS.state.root());
        assertThat(verifier.verify(chain, PeerExpectation.anyClient(), NOW)).isInstanceOf(Verified.class);
    }

    @Test
    void a_leaf_below_an_intermediate_is_accepted_and_ends_with_the_shortest_life() throws Exception {
        KeyPair middle = OURS.keys();
        X509Certificate intermediate = ForgedCertificate.by(OURS)
                .authority(0)
                .valid(NOW.minusSeconds(60), NOW.plusSeconds(600))
                .sign(middle.getPublic());
        X509Certificate leaf =
                ForgedCertificate.by(intermediate, middle).uri(WEB).sign(key);
        assertThat(verifier.verify(List.of(leaf, intermediate), PeerExpectation.anyClient(), NOW))
                .isEqualTo(new Verified(OURS.service("web"), NOW.plusSeconds(600)));
    }

    @Test
    void an_intermediate_may_not_make_another_when_its_path_length_is_zero() throws Exception {
        KeyPair first = OURS.keys();
        KeyPair second = OURS.keys();
        X509Certificate upper = ForgedCertificate.by(OURS).authority(0).sign(first.getPublic());
        X509Certificate lower =
                ForgedCertificate.by(upper, first).authority(0).uri("x:y").sign(second.getPublic());
        X509Certificate leaf = ForgedCertificate.by(lower, second).uri(WEB).sign(key);
        assertThat(fault(List.of(leaf, lower, upper))).isEqualTo(Fault.UNTRUSTED);
    }

    @Test
    void a_leaf_cannot_sign_another_leaf() throws Exception {
        KeyPair keys = OURS.keys();
        X509Certificate leaf =
                OURS.authority.sign(OURS.service("web"), keys.getPublic(), NOW).get(0);
        X509Certificate child =
                ForgedCertificate.by(leaf, keys).uri(OURS.service("db").uri()).sign(key);
        assertThat(fault(List.of(child, leaf))).isEqualTo(Fault.UNTRUSTED);
    }

    @Test
    void nobody_and_too_many_are_rejected() {
        assertThat(fault(List.of())).isEqualTo(Fault.NO_CERTIFICATE);
        X509Certificate leaf = OURS.chain(OURS.service("web")).get(0);
        assertThat(fault(List.of(leaf, leaf, leaf, leaf, leaf))).isEqualTo(Fault.CHAIN_TOO_LONG);
    }

    @Test
    void the_root_presented_as_a_peer_is_rejected() {
        assertThat(fault(List.of(OURS.state.root()))).isEqualTo(Fault.WRONG_USAGE);
    }

    @Test
    void another_mesh_is_untrusted_even_when_it_uses_our_names() throws Exception {
        X509Certificate theirs = ForgedCertificate.by(OTHERS).uri(WEB).sign(key);
        assertThat(fault(List.of(theirs))).isEqualTo(Fault.UNTRUSTED);
        assertThat(fault(List.of(theirs, OTHERS.state.root()))).isEqualTo(Fault.UNTRUSTED);
    }

    @Test
    void our_authority_does_not_speak_for_another_trust_domain() throws Exception {
        X509Certificate leaf =
                ForgedCertificate.by(OURS).uri(OTHERS.service("web").uri()).sign(key);
        assertThat(fault(List.of(leaf))).isEqualTo(Fault.WRONG_TRUST_DOMAIN);
    }

    @Test
    void another_service_is_not_the_one_that_was_called() {
        PeerVerdict verdict =
                verifier.verify(OURS.chain(OURS.service("db")), PeerExpectation.server(OURS.service("web")), NOW);
        assertThat(((Rejected) verdict).fault()).isEqualTo(Fault.WRONG_IDENTITY);
        assertThat(((Rejected) verdict).sentence()).contains("/svc/db").contains("/svc/web");
    }

    @Test
    void a_certificate_counts_only_within_its_life() {
        List<X509Certificate> chain = OURS.chain(OURS.service("web"));
        assertThat(((Rejected) verifier.verify(
                                chain,
                                PeerExpectation.anyClient(),
                                NOW.plus(Duration.ofHours(72)).plusSeconds(1)))
                        .fault())
                .isEqualTo(Fault.EXPIRED);
        assertThat(((Rejected) verifier.verify(chain, PeerExpectation.anyClient(), NOW.minusSeconds(61))).fault())
                .isEqualTo(Fault.NOT_YET_VALID);
        assertThat(verifier.verify(chain, PeerExpectation.anyClient(), NOW.minusSeconds(59)))
                .isInstanceOf(Verified.class);
    }

    @Test
    void exactly_one_uri_name_is_wanted() throws Exception {
        X509Certificate none = ForgedCertificate.by(OURS).sign(key);
        X509Certificate two = ForgedCertificate.by(OURS)
                .uri(WEB)
                .uri(OURS.service("db").uri())
                .sign(key);
        assertThat(fault(List.of(none))).isEqualTo(Fault.NO_IDENTITY);
        assertThat(fault(List.of(two))).isEqualTo(Fault.NO_IDENTITY);
    }

    @ParameterizedTest
    @ValueSource(strings = {"https://ours.culvert/ns/default/dc/dc1/svc/web", "spiffe://ours.culvert", "urn:x"})
    void a_uri_that_is_no_id_is_no_identity(String uri) throws Exception {
        assertThat(fault(List.of(ForgedCertificate.by(OURS).uri(uri).sign(key))))
                .isEqualTo(Fault.NO_IDENTITY);
    }

    @Test
    void only_p256_keys_are_taken() throws Exception {
        KeyPairGenerator rsa = KeyPairGenerator.getInstance("RSA");
        rsa.initialize(2_048);
        KeyPairGenerator p384 = KeyPairGenerator.getInstance("EC");
        p384.initialize(new ECGenParameterSpec("secp384r1"));
        for (KeyPairGenerator generator : List.of(rsa, p384)) {
            PublicKey other = generator.generateKeyPair().getPublic();
            assertThat(fault(List.of(ForgedCertificate.by(OURS).uri(WEB).sign(other))))
                    .isEqualTo(Fault.WEAK_KEY);
        }
    }

    @Test
    void a_leaf_signs_handshakes_and_nothing_else() throws Exception {
        assertThat(fault(List.of(ForgedCertificate.by(OURS)
                        .uri(WEB)
                        .usage(KeyUsage.keyAgreement)
                        .sign(key))))
                .isEqualTo(Fault.WRONG_USAGE);
        assertThat(fault(List.of(ForgedCertificate.by(OURS)
                        .uri(WEB)
                        .usage(KeyUsage.digitalSignature | KeyUsage.keyCertSign)
                        .sign(key))))
                .isEqualTo(Fault.WRONG_USAGE);
        assertThat(fault(
                        List.of(ForgedCertificate.by(OURS).uri(WEB).authority(0).sign(key))))
                .isEqualTo(Fault.WRONG_USAGE);
        assertThat(fault(List.of(ForgedCertificate.by(OURS).uri(WEB).purposes().sign(key))))
                .isEqualTo(Fault.WRONG_USAGE);
    }

    @Test
    void a_servers_certificate_does_not_make_a_client() throws Exception {
        List<X509Certificate> chain = List.of(ForgedCertificate.by(OURS)
                .uri(WEB)
                .purposes(KeyPurposeId.id_kp_serverAuth)
                .sign(key));
        assertThat(fault(chain)).isEqualTo(Fault.WRONG_USAGE);
        assertThat(verifier.verify(chain, PeerExpectation.anyServer(), NOW)).isInstanceOf(Verified.class);
    }

    @Test
    void while_roots_are_rotated_both_are_trusted() {
        TestPki next = new TestPki("ours.culvert");
        TrustBundle both = new TrustBundle(OURS.domain, List.of(next.state.root(), OURS.state.root()), 2);
        PeerVerifier rotated = new PeerVerifier(both);
        assertThat(rotated.verify(OURS.chain(OURS.service("web")), PeerExpectation.anyClient(), NOW))
                .isInstanceOf(Verified.class);
        assertThat(rotated.verify(next.chain(next.service("web")), PeerExpectation.anyClient(), NOW))
                .isInstanceOf(Verified.class);
        assertThat(fault(next.chain(next.service("web")))).isEqualTo(Fault.UNTRUSTED);
    }

    private Fault fault(List<X509Certificate> chain) {
        PeerVerdict verdict = verifier.verify(chain, PeerExpectation.anyClient(), NOW);
        assertThat(verdict).isInstanceOf(Rejected.class);
        assertThat(((Rejected) verdict).sentence()).isNotBlank();
        return ((Rejected) verdict).fault();
    }
}
