package io.culvert.identity.join;

import io.culvert.identity.Fingerprint;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.zip.CRC32C;

/**
 * The one secret that brings a host into the mesh, printed as one word: where the servers are, how to know them, and a
 * secret that they know.
 *
 * <p>Form: {@code culvert-join-} and base64url without padding of: version (u8, 1), number of addresses (u8), each as
 * length (u8) and {@code host:port} in UTF-8, SHA-256 of the trust anchor (32), token id (8), secret (32), CRC-32C of all
 * before (u32). The checksum tells a token that was mistyped or cut from one that the servers do not know.
 *
 * @param addresses {@code host:port} of the servers' TLS ports, 1 to 8
 * @param secret 32 random bytes
 */
public record JoinToken(List<String> addresses, Fingerprint anchor, long id, byte[] secret) {
    public static final int SECRET_BYTES = 32;
    public static final int MOST_ADDRESSES = 8;

    private static final String PREFIX = "culvert-join-";
    private static final int VERSION = 1;
    private static final int LONGEST_ADDRESS = 255;
    private static final int LONGEST_TEXT = 4_096;
    private static final int FIXED_BYTES = 2 + Fingerprint.BYTES + Long.BYTES + SECRET_BYTES + Integer.BYTES;

    public JoinToken {
        addresses = List.copyOf(addresses);
        secret = secret.clone();
        if (addresses.isEmpty() || addresses.size() > MOST_ADDRESSES) {
            throw new IllegalArgumentException(
                    "join token: " + addresses.size() + " addresses (expected: 1 to " + MOST_ADDRESSES + ")");
        }
        addresses.forEach(JoinToken::checkAddress);
        if (secret.length != SECRET_BYTES) {
            throw new IllegalArgumentException(
                    "join token: secret of " + secret.length + " bytes (expected: " + SECRET_BYTES + ")");
        }
    }

    @Override
    public byte[] secret() {
        return secret.clone();
    }

    /** The id as {@code culvert join-token list} shows it; no secret. */
    public static String printId(long id) {
        return HexFormat.of().toHexDigits(id);
    }

    /** The token with its secret: for the one who is to carry it to the new host, never for a log. */
    public String print() {
        ByteBuffer buffer = ByteBuffer.allocate(LONGEST_TEXT);
        buffer.put((byte) VERSION).put((byte) addresses.size());
        for (String address : addresses) {
            byte[] bytes = address.getBytes(StandardCharsets.UTF_8);
            buffer.put((byte) bytes.length).put(bytes);
        }
        buffer.put(anchor.bytes()).putLong(id).put(secret);
        buffer.putInt(checksum(buffer.array(), buffer.position()));
        byte[] written = new byte[buffer.flip().remaining()];
        buffer.get(written);
        return PREFIX + Base64.getUrlEncoder().withoutPadding().encodeToString(written);
    }

    /** Reads what {@link #print} wrote; blanks around it are ignored. Throws {@link IllegalArgumentException} otherwise. */
    public static JoinToken parse(String text) {
        String word = text.strip();
        if (!word.startsWith(PREFIX) || word.length() > LONGEST_TEXT) {
            throw new IllegalArgumentException(
                    "join token: does not start with '" + PREFIX + "' (expected: what 'culvert join-token' printed)");
        }
        byte[] bytes = decode(word.substring(PREFIX.length()));
        int body = bytes.length - Integer.BYTES;
        if (bytes.length < FIXED_BYTES || ByteBuffer.wrap(bytes).getInt(body) != checksum(bytes, body)) {
            throw damaged();
        }
        if (bytes[0] != VERSION) {
            throw new IllegalArgumentException("join token: version " + bytes[0] + " (expected: " + VERSION
                    + "; this agent is older than the server)");
        }
        JoinToken token = read(ByteBuffer.wrap(bytes, 1, body - 1));
        if (!token.print().equals(word)) {
            throw damaged();
        }
        return token;
    }

    private static JoinToken read(ByteBuffer buffer) {
        try {
            List<String> addresses = new ArrayList<>();
            for (int left = Byte.toUnsignedInt(buffer.get()); left > 0 && left <= MOST_ADDRESSES; left--) {
                addresses.add(utf8(bytes(buffer, Byte.toUnsignedInt(buffer.get()))));
            }
            Fingerprint anchor = Fingerprint.of(bytes(buffer, Fingerprint.BYTES));
            return new JoinToken(addresses, anchor, buffer.getLong(), bytes(buffer, SECRET_BYTES));
        } catch (BufferUnderflowException | CharacterCodingException e) {
            throw damaged();
        }
    }

    private static byte[] decode(String base64) {
        try {
            return Base64.getUrlDecoder().decode(base64);
        } catch (IllegalArgumentException e) {
            throw damaged();
        }
    }

    private static byte[] bytes(ByteBuffer buffer, int length) {
        if (length > buffer.remaining()) {
            throw new BufferUnderflowException();
        }
        byte[] bytes = new byte[length];
        buffer.get(bytes);
        return bytes;
    }

    private static String utf8(byte[] bytes) throws CharacterCodingException {
        return StandardCharsets.UTF_8
                .newDecoder()
                .decode(ByteBuffer.wrap(bytes))
                .toString();
    }

    private static int checksum(byte[] bytes, int length) {
        CRC32C checksum = new CRC32C();
        checksum.update(bytes, 0, length);
        return (int) checksum.getValue();
    }

    private static IllegalArgumentException damaged() {
        return new IllegalArgumentException(
                "join token: mistyped or cut off, its checksum does not fit (expected: the whole word that"
                        + " 'culvert join-token' printed)");
    }

    private static void checkAddress(String address) {
        int colon = address.lastIndexOf(':');
        boolean plain = address.chars().allMatch(c -> c > ' ' && c < 0x7f);
        if (colon < 1 || !plain || address.length() > LONGEST_ADDRESS || !isPort(address.substring(colon + 1))) {
            throw new IllegalArgumentException(
                    "join token: address '" + address.replaceAll("[^\\x21-\\x7e]", "?") + "' (expected: host:port)");
        }
    }

    private static boolean isPort(String text) {
        return text.matches("[0-9]{1,5}") && Integer.parseInt(text) >= 1 && Integer.parseInt(text) <= 65_535;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof JoinToken token && token.print().equals(print());
    }

    @Override
    public int hashCode() {
        return Long.hashCode(id);
    }

    /** Without the secret. */
    @Override
    public String toString() {
        return "JoinToken[" + printId(id) + ", addresses=" + addresses + ", secret=****]";
    }
}
