package io.culvert.identity.disk;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/** Files of keys and certificates, and certificates as a server sends them. */
class PemFuzzTest {
    @FuzzTest
    void any_text_is_certificates_or_a_fault(byte[] bytes) {
        String text = new String(bytes, StandardCharsets.UTF_8);
        try {
            assertThat(Pem.certificates(Pem.print(Pem.certificates(text)))).isEqualTo(Pem.certificates(text));
        } catch (IOException fault) {
            assertThat(fault.getMessage()).isNotBlank();
        }
    }

    @FuzzTest
    void any_bytes_are_one_certificate_or_a_fault(byte[] bytes) {
        try {
            assertThat(Pem.certificate(bytes)).isNotNull();
        } catch (IOException fault) {
            assertThat(fault.getMessage()).isNotBlank();
        }
    }
}
