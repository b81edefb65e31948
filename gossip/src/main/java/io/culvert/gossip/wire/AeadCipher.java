package io.culvert.gossip.wire;

import java.security.GeneralSecurityException;
import java.security.NoSuchAlgorithmException;
import javax.crypto.Cipher;
import javax.crypto.NoSuchPaddingException;
import javax.crypto.SecretKey;
import javax.crypto.spec.GCMParameterSpec;
import org.jspecify.annotations.Nullable;

/** AES-256-GCM with a counter as nonce. One object serves many keys; not thread safe. */
final class AeadCipher {
    private static final int NONCE_BYTES = 12;

    private final Cipher cipher;

    AeadCipher() {
        try {
            this.cipher = Cipher.getInstance("AES/GCM/NoPadding");
        } catch (NoSuchAlgorithmException | NoSuchPaddingException missing) {
            throw new IllegalStateException("this Java has no AES-GCM", missing);
        }
    }

    /** Ciphertext and tag go to {@code target} from {@code at}, which has room for both. */
    void seal(SecretKey key, long counter, byte[][] associated, byte[] plain, byte[] target, int at) {
        try {
            start(Cipher.ENCRYPT_MODE, key, counter, associated);
            cipher.doFinal(plain, 0, plain.length, target, at);
        } catch (GeneralSecurityException broken) {
            throw new IllegalStateException("cannot seal", broken);
        }
    }

    /** The plain bytes, or null when the tag does not fit. */
    byte @Nullable [] open(SecretKey key, long counter, byte[][] associated, byte[] source, int from, int length) {
        try {
            start(Cipher.DECRYPT_MODE, key, counter, associated);
            return cipher.doFinal(source, from, length);
        } catch (GeneralSecurityException notAuthentic) {
            return null;
        }
    }

    private void start(int mode, SecretKey key, long counter, byte[][] associated) throws GeneralSecurityException {
        cipher.init(mode, key, new GCMParameterSpec(8 * Envelope.TAG_BYTES, nonce(counter)));
        for (byte[] part : associated) {
            cipher.updateAAD(part);
        }
    }

    private static byte[] nonce(long counter) {
        byte[] nonce = new byte[NONCE_BYTES];
        for (int i = 0; i < Long.BYTES; i++) {
            nonce[NONCE_BYTES - 1 - i] = (byte) (counter >>> 8 * i);
        }
        return nonce;
    }
}
