package io.culvert.gossip.identity;

import io.culvert.gossip.files.DurableFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;

/**
 * The node key on disk, mode 0600:
 * <pre>
 * culvert-node-key 1
 * private BASE64        PKCS #8
 * public BASE64         32 bytes
 * sha256 HEX            over the lines before
 * </pre>
 * A damaged key is never replaced silently: with a new key this host would be a stranger to the pool.
 */
public final class NodeKeyFile {
    private static final String HEADER = "culvert-node-key 1";
    private static final String PRIVATE = "private ";
    private static final String PUBLIC = "public ";
    private static final String CHECKSUM = "sha256 ";
    private static final int MAXIMUM_BYTES = 4_096;

    private NodeKeyFile() {}

    /** Loads the key, or makes one and stores it when there is no file. Blocks on the disk. */
    public static NodeKey loadOrCreate(Path file, SecureRandom random) throws IOException {
        if (Files.exists(file)) {
            return load(file);
        }
        NodeKey key = NodeKey.generate(random);
        save(file, key);
        return key;
    }

    public static void save(Path file, NodeKey key) throws IOException {
        Base64.Encoder base64 = Base64.getEncoder();
        String body = HEADER + "\n"
                + PRIVATE + base64.encodeToString(key.secret()) + "\n"
                + PUBLIC + base64.encodeToString(key.publicKey().bytes()) + "\n";
        DurableFile.replace(file, (body + CHECKSUM + checksum(body) + "\n").getBytes(StandardCharsets.US_ASCII));
    }

    /** @throws IOException if the file is missing, readable by others or damaged; the message says what to do */
    public static NodeKey load(Path file) throws IOException {
        DurableFile.requirePrivate(file);
        byte[] content = DurableFile.read(file, MAXIMUM_BYTES);
        try {
            return decode(content);
        } catch (GeneralSecurityException damaged) {
            throw new IOException(
                    "node key " + file + " is damaged: " + damaged.getMessage()
                            + "; restore it from a backup, or move it away to join the pool as a new node",
                    damaged);
        }
    }

    /** Reads any bytes; the message of the exception names the line at fault, never its content. */
    static NodeKey decode(byte[] content) throws GeneralSecurityException {
        List<String> lines = Arrays.asList(new String(content, StandardCharsets.US_ASCII).split("\n", -1));
        if (lines.size() != 5 || !lines.get(0).equals(HEADER) || !lines.get(4).isEmpty()) {
            throw new GeneralSecurityException("it does not have the four lines of '" + HEADER + "'");
        }
        String body = String.join("\n", lines.subList(0, 3)) + "\n";
        if (!lines.get(3).equals(CHECKSUM + checksum(body))) {
            throw new GeneralSecurityException("its checksum does not match");
        }
        byte[] publicKey = field(lines.get(2), PUBLIC);
        if (publicKey.length != PublicKeyBytes.BYTES) {
            throw new GeneralSecurityException("its public key has " + publicKey.length + " bytes (expected: 32)");
        }
        return NodeKey.of(field(lines.get(1), PRIVATE), PublicKeyBytes.of(publicKey));
    }

    private static byte[] field(String line, String name) throws GeneralSecurityException {
        if (!line.startsWith(name)) {
            throw new GeneralSecurityException("it has no line '" + name.trim() + "'");
        }
        try {
            return Base64.getDecoder().decode(line.substring(name.length()));
        } catch (IllegalArgumentException invalid) {
            // The decoder's own message quotes characters of the secret.
            throw new GeneralSecurityException("its line '" + name.trim() + "' is not Base64");
        }
    }

    private static String checksum(String text) {
        try {
            byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException missing) {
            throw new IllegalStateException("this Java has no SHA-256", missing);
        }
    }
}
