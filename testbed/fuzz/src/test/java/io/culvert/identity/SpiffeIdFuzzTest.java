package io.culvert.identity;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.charset.StandardCharsets;

/** The URI name of a certificate that a stranger presents. */
class SpiffeIdFuzzTest {
    @FuzzTest
    void any_text_is_the_one_spelling_of_an_id_or_refused(byte[] bytes) {
        String uri = new String(bytes, StandardCharsets.UTF_8);
        try {
            SpiffeId id = SpiffeId.parse(uri);
            assertThat(id.uri()).isEqualTo(uri);
            assertThat(id.intentionSource()).isEqualTo(SpiffeId.parse(uri).intentionSource());
        } catch (IllegalArgumentException refused) {
            assertThat(refused.getMessage()).matches("[\\x20-\\x7e]+");
        }
    }
}
