package io.culvert.gossip.keyring;

import java.security.GeneralSecurityException;
import java.util.Arrays;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** HKDF with HMAC-SHA-256, RFC 5869. Proven by the test vectors of its appendix A. */
public final class Hkdf {
    /** Octets of one hash, and of a pseudorandom key. */
    public static final int HASH_BYTES = 32;

    private static final String ALGORITHM = "HmacSHA256";

    private Hkdf() {}

    /** RFC 5869 section 2.2: concentrates the entropy of {@code material} into one key. An empty salt is allowed. */
    public static byte[] extract(byte[] salt, byte[] material) {
        return mac(salt.length == 0 ? new byte[HASH_BYTES] : salt).doFinal(material);
    }

    /**
     * RFC 5869 section 2.3: {@code length} octets bound to {@code info}.
     *
     * @param length 1 to 8,160, the limit of the RFC
     */
    public static byte[] expand(byte[] pseudorandomKey, byte[] info, int length) {
        if (length < 1 || length > 255 * HASH_BYTES) {
            throw new IllegalArgumentException("HKDF output of " + length + " octets (expected: 1 to 8160)");
        }
        Mac mac = mac(pseudorandomKey);
        byte[] output = new byte[length];
        byte[] block = new byte[0];
        int filled = 0;
        for (int counter = 1; filled < length; counter++) {
            mac.update(block);
            mac.update(info);
            mac.update((byte) counter);
            block = mac.doFinal();
            int take = Math.min(block.length, length - filled);
            System.arraycopy(block, 0, output, filled, take);
            filled += take;
        }
        Arrays.fill(block, (byte) 0);
        return output;
    }

    private static Mac mac(byte[] key) {
        try {
            Mac mac = Mac.getInstance(ALGORITHM);
            mac.init(new SecretKeySpec(key, ALGORITHM));
            return mac;
        } catch (GeneralSecurityException missing) {
            throw new IllegalStateException("this Java has no " + ALGORITHM, missing);
        }
    }
}
