package io.culvert.gossip.keyring;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Base64;

/**
 * One secret of 32 octets that every host of the pool holds. Its number is a function of the secret, so that hosts agree
 * on it without asking each other; it reveals nothing, and travels in the clear in every packet.
 */
public final class PoolKey {
    public static final int BYTES = 32;

    private static final byte[] NUMBER_PREFIX = {'c', 'u', 'l', 'v', 'e', 'r', 't', '-', 'k', 'e', 'y', '-', 'i', 'd'};

    private final byte[] secret;
    private final long id;

    private PoolKey(byte[] secret) {
        this.secret = secret;
        this.id = number(secret);
    }

    /** @throws IllegalArgumentException unless {@code secret} has 32 octets */
    public static PoolKey of(byte[] secret) {
        if (secret.length != BYTES) {
            throw new IllegalArgumentException("pool key of " + secret.length + " bytes (expected: 32)");
        }
        return new PoolKey(secret.clone());
    }

    public static PoolKey generate(SecureRandom random) {
        byte[] secret = new byte[BYTES];
        random.nextBytes(secret);
        return new PoolKey(secret);
    }

    /** @throws IllegalArgumentException unless {@code base64} is the Base64 of 32 octets; the message does not show it */
    public static PoolKey parse(String base64) {
        byte[] secret;
        try {
            secret = Base64.getDecoder().decode(base64);
        } catch (IllegalArgumentException invalid) {
            // The decoder's own message quotes characters of the secret.
            throw new IllegalArgumentException("pool key is not Base64 (expected: 44 characters, 32 bytes)");
        }
        return of(secret);
    }

    /** Number of the key, 32 bits. */
    public long id() {
        return id;
    }

    /** {@link #id} as people read and type it: eight hexadecimal digits. */
    public String idText() {
        return String.format("%08x", id);
    }

    /**
     * Reads {@link #idText}.
     *
     * @throws IllegalArgumentException unless {@code text} has eight hexadecimal digits
     */
    public static long parseNumber(String text) {
        if (!text.matches("[0-9a-fA-F]{8}")) {
            throw new IllegalArgumentException("number of a key: '" + (text.length() > 20 ? "…" : text)
                    + "' (expected: eight hexadecimal digits, as 'culvert keyring list' shows them)");
        }
        return Long.parseLong(text, 16);
    }

    /** The secret, copied: for derivation. */
    byte[] secret() {
        return secret.clone();
    }

    /** The secret in Base64, for the keyring file and for the one message that brings a new host in. Never log it. */
    public String reveal() {
        return Base64.getEncoder().encodeToString(secret);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof PoolKey && MessageDigest.isEqual(secret, ((PoolKey) other).secret);
    }

    @Override
    public int hashCode() {
        return Long.hashCode(id);
    }

    @Override
    public String toString() {
        return "PoolKey[" + idText() + ", ****]";
    }

    private static long number(byte[] secret) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            digest.update(NUMBER_PREFIX);
            byte[] hash = digest.digest(secret);
            long number = 0;
            for (byte octet : Arrays.copyOf(hash, 4)) {
                number = number << 8 | octet & 0xff;
            }
            return number;
        } catch (NoSuchAlgorithmException missing) {
            throw new IllegalStateException("this Java has no SHA-256", missing);
        }
    }
}
