package io.culvert.identity.join;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.zip.CRC32C;

/** What a person pastes. */
class JoinTokenFuzzTest {
    @FuzzTest
    void any_text_is_a_token_that_prints_the_same_or_refused(byte[] bytes) {
        check(new String(bytes, StandardCharsets.UTF_8));
    }

    @FuzzTest
    void any_content_with_a_good_checksum_is_a_token_or_refused(byte[] bytes) {
        CRC32C checksum = new CRC32C();
        checksum.update(bytes);
        byte[] sealed = Arrays.copyOf(bytes, bytes.length + Integer.BYTES);
        ByteBuffer.wrap(sealed).putInt(bytes.length, (int) checksum.getValue());
        check("culvert-join-" + Base64.getUrlEncoder().withoutPadding().encodeToString(sealed));
    }

    private static void check(String text) {
        try {
            assertThat(JoinToken.parse(text).print()).isEqualTo(text.strip());
        } catch (IllegalArgumentException refused) {
            assertThat(refused.getMessage()).startsWith("join token");
        }
    }
}
