package io.culvert.agent.local.json;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.culvert.agent.local.ServiceRegistration;
import java.io.ByteArrayOutputStream;
import java.io.IOException;

/** Bodies of registrations: refused with a reason, or read so that writing and reading again gives the same. */
class RegistrationFuzzTest {
    private final RegistrationReader reader = new RegistrationReader(true);

    @FuzzTest
    void a_body_is_refused_with_a_reason_or_survives_being_stored(byte[] body) throws IOException {
        ServiceRegistration read;
        try {
            read = reader.service(body);
        } catch (InputRefused refused) {
            assertThat(refused.reason()).isNotEmpty();
            return;
        }
        ByteArrayOutputStream stored = new ByteArrayOutputStream();
        try (JsonGenerator json = new JsonFactory().createGenerator(stored)) {
            RegistrationWriter.service(json, read);
        }
        try {
            assertThat(reader.service(stored.toByteArray())).isEqualTo(read);
        } catch (InputRefused refused) {
            throw new AssertionError("what was accepted is refused when it is read back: " + refused.reason(), refused);
        }
    }
}
