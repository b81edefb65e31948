package io.culvert.testbed.simulator;

import io.culvert.gossip.core.SignatureCheck;
import io.culvert.gossip.identity.PublicKeyBytes;
import io.culvert.gossip.identity.SignatureDomain;
import io.culvert.gossip.membership.Signer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;

/** Signatures of the right size that cost a hash. Honest nodes only: who knows a public key can sign for it. */
final class PlainSigner implements Signer {
    private final PublicKeyBytes publicKey;

    PlainSigner(String name) {
        publicKey = PublicKeyBytes.of(sha256(name.getBytes(StandardCharsets.UTF_8)));
    }

    @Override
    public PublicKeyBytes publicKey() {
        return publicKey;
    }

    @Override
    public byte[] sign(SignatureDomain domain, byte[] message) {
        return signature(publicKey, domain, message);
    }

    static boolean isGenuine(SignatureCheck check) {
        return check.key().id().equals(check.signer())
                && Arrays.equals(check.signature(), signature(check.key(), check.domain(), check.message()));
    }

    private static byte[] signature(PublicKeyBytes key, SignatureDomain domain, byte[] message) {
        byte[] half = sha256(key.bytes(), new byte[] {(byte) domain.ordinal()}, message);
        byte[] whole = Arrays.copyOf(half, PublicKeyBytes.SIGNATURE_BYTES);
        System.arraycopy(half, 0, whole, half.length, half.length);
        return whole;
    }

    private static byte[] sha256(byte[]... parts) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            for (byte[] part : parts) {
                digest.update(part);
            }
            return digest.digest();
        } catch (NoSuchAlgorithmException missing) {
            throw new IllegalStateException("this Java has no SHA-256", missing);
        }
    }
}
