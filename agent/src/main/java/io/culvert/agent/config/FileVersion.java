package io.culvert.agent.config;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * A text of a file without errors, and what it declares.
 *
 * @param sha256 of the text, in hexadecimal
 */
public record FileVersion(String sha256, String text, ServiceFile definitions) {
    static FileVersion of(String text, ServiceFile definitions) {
        return new FileVersion(sha256(text), text, definitions);
    }

    static String sha256(String text) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("SHA-256 is missing from this JVM, which every JVM must have", e);
        }
    }
}
