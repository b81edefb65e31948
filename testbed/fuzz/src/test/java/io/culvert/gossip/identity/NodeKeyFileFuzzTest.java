package io.culvert.gossip.identity;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.HexFormat;

class NodeKeyFileFuzzTest {
    @FuzzTest(maxDuration = "1h")
    void any_file_is_a_key_or_a_named_fault(byte[] content) throws Exception {
        check(content);
        check(withChecksum(content));
    }

    private static void check(byte[] content) {
        try {
            NodeKey key = NodeKeyFile.decode(content);
            assertThat(key.id()).isEqualTo(key.publicKey().id());
        } catch (GeneralSecurityException named) {
            assertThat(named.getMessage()).isNotEmpty();
        }
    }

    /** Behind the checksum lies the part of the reader that random bytes never reach. */
    private static byte[] withChecksum(byte[] content) throws Exception {
        String body = "culvert-node-key 1\n" + new String(content, StandardCharsets.US_ASCII) + "\n";
        byte[] digest = MessageDigest.getInstance("SHA-256").digest(body.getBytes(StandardCharsets.US_ASCII));
        return (body + "sha256 " + HexFormat.of().formatHex(digest) + "\n").getBytes(StandardCharsets.US_ASCII);
    }
}
