package io.culvert.gossip.keyring;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.HexFormat;

class KeyringFileFuzzTest {
    @FuzzTest(maxDuration = "1h")
    void any_file_is_a_keyring_or_a_named_fault(byte[] content) throws Exception {
        check(content);
        check(withChecksum(content));
    }

    private static void check(byte[] content) {
        try {
            Keyring keyring = KeyringFile.decode(content);
            assertThat(keyring.list()).hasSizeBetween(1, Keyring.MAXIMUM_KEYS);
        } catch (KeyringRefused named) {
            assertThat(named.getMessage()).isNotEmpty();
        }
    }

    /** Behind the checksum lies the part of the reader that random bytes never reach. */
    private static byte[] withChecksum(byte[] content) throws Exception {
        String body = "culvert-keyring 1\n" + new String(content, StandardCharsets.US_ASCII);
        byte[] digest = MessageDigest.getInstance("SHA-256").digest(body.getBytes(StandardCharsets.US_ASCII));
        return (body + "sha256 " + HexFormat.of().formatHex(digest) + "\n").getBytes(StandardCharsets.US_ASCII);
    }
}
