package io.culvert.gossip.keyring;

import io.culvert.gossip.files.DurableFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/**
 * The keyring on disk, mode 0600:
 * <pre>
 * culvert-keyring 1
 * key BASE64            one line for each key, the primary first
 * sha256 HEX            over all lines before
 * </pre>
 */
public final class KeyringFile {
    private static final String HEADER = "culvert-keyring 1";
    private static final String KEY = "key ";
    private static final String CHECKSUM = "sha256 ";
    /** Header, eight keys and the checksum take 530 bytes. */
    private static final int MAXIMUM_BYTES = 4_096;

    private KeyringFile() {}

    /** Writes so that a crash leaves the old or the new keyring. Blocks on the disk. */
    public static void save(Path file, Keyring keyring) throws IOException {
        DurableFile.replace(file, encode(keyring));
    }

    /** @throws IOException if the file is missing, readable by others or damaged; the message says what to do */
    public static Keyring load(Path file) throws IOException {
        DurableFile.requirePrivate(file);
        byte[] content = DurableFile.read(file, MAXIMUM_BYTES);
        try {
            return decode(content);
        } catch (KeyringRefused damaged) {
            throw new IOException(
                    "keyring " + file + " is damaged: " + damaged.getMessage()
                            + "; restore it from a backup, or move it away and join the pool again with a token",
                    damaged);
        }
    }

    /** The text of the file. */
    public static byte[] encode(Keyring keyring) {
        StringBuilder text = new StringBuilder(HEADER).append('\n');
        for (PoolKey key : keyring.list()) {
            text.append(KEY).append(key.reveal()).append('\n');
        }
        String checksum = checksum(text.toString());
        return text.append(CHECKSUM).append(checksum).append('\n').toString().getBytes(StandardCharsets.US_ASCII);
    }

    /**
     * Reads any bytes.
     *
     * @throws KeyringRefused naming the line at fault, never its content
     */
    public static Keyring decode(byte[] content) throws KeyringRefused {
        String text = new String(content, StandardCharsets.US_ASCII);
        int end = text.lastIndexOf(CHECKSUM);
        if (!text.startsWith(HEADER + "\n") || end < 0) {
            throw new KeyringRefused("it does not begin with '" + HEADER + "' and end with a checksum");
        }
        String body = text.substring(0, end);
        if (!text.substring(end).equals(CHECKSUM + checksum(body) + "\n")) {
            throw new KeyringRefused("its checksum does not match");
        }
        return Keyring.of(keys(body));
    }

    private static List<PoolKey> keys(String body) throws KeyringRefused {
        String[] lines = body.split("\n");
        List<PoolKey> keys = new ArrayList<>();
        for (int i = 1; i < lines.length; i++) {
            if (!lines[i].startsWith(KEY)) {
                throw new KeyringRefused("line " + (i + 1) + " is not a key");
            }
            try {
                keys.add(PoolKey.parse(lines[i].substring(KEY.length())));
            } catch (IllegalArgumentException invalid) {
                throw new KeyringRefused("line " + (i + 1) + ": " + invalid.getMessage());
            }
        }
        return keys;
    }

    private static String checksum(String text) {
        try {
            return HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.US_ASCII)));
        } catch (NoSuchAlgorithmException missing) {
            throw new IllegalStateException("this Java has no SHA-256", missing);
        }
    }
}
