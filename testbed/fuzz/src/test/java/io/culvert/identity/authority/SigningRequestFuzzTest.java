package io.culvert.identity.authority;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;

/** A request to sign, from a host that has shown nothing but a token. */
class SigningRequestFuzzTest {
    @FuzzTest
    void any_bytes_are_a_request_for_a_p256_key_or_refused(byte[] bytes) {
        try {
            assertThat(SigningRequest.parse(bytes).publicKey().getAlgorithm()).isEqualTo("EC");
        } catch (CertificateRefused refused) {
            assertThat(refused.getMessage()).startsWith("signing request");
        }
    }
}
