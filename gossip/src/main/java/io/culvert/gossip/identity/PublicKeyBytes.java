package io.culvert.gossip.identity;

import io.culvert.catalog.NodeId;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.PublicKey;
import java.util.Arrays;
import java.util.HexFormat;
import org.bouncycastle.math.ec.rfc8032.Ed25519;

/** An Ed25519 public key in the 32 bytes of RFC 8032. Any 32 bytes make a value; those that are no key verify nothing. */
public final class PublicKeyBytes {
    public static final int BYTES = 32;
    public static final int SIGNATURE_BYTES = 64;

    static final String ALGORITHM = "Ed25519";
    /** The head of a SubjectPublicKeyInfo of RFC 8410 section 4; the 32 bytes follow. */
    private static final byte[] SPKI_HEAD = HexFormat.of().parseHex("302a300506032b6570032100");

    private final byte[] bytes;

    private PublicKeyBytes(byte[] bytes) {
        this.bytes = bytes;
    }

    /** @throws IllegalArgumentException unless there are 32 bytes */
    public static PublicKeyBytes of(byte[] bytes) {
        if (bytes.length != BYTES) {
            throw new IllegalArgumentException("public key of " + bytes.length + " bytes (expected: 32)");
        }
        return new PublicKeyBytes(bytes.clone());
    }

    static PublicKeyBytes of(PublicKey key) {
        byte[] encoded = key.getEncoded();
        if (encoded.length != SPKI_HEAD.length + BYTES
                || !Arrays.equals(encoded, 0, SPKI_HEAD.length, SPKI_HEAD, 0, SPKI_HEAD.length)) {
            throw new IllegalArgumentException("not an Ed25519 key: " + key.getAlgorithm());
        }
        return new PublicKeyBytes(Arrays.copyOfRange(encoded, SPKI_HEAD.length, encoded.length));
    }

    public byte[] bytes() {
        return bytes.clone();
    }

    /** The id of the agent that holds this key: whoever shows the key proves that the id is meant. */
    public NodeId id() {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(bytes);
            return NodeId.of(Arrays.copyOf(hash, NodeId.BYTES));
        } catch (NoSuchAlgorithmException missing) {
            throw new IllegalStateException("this Java has no SHA-256", missing);
        }
    }

    /**
     * Whether the holder of this key signed {@code message} for {@code domain} in the pool {@code label}. Never throws,
     * whatever the bytes. Takes about 0.1 ms: not for an event loop.
     *
     * <p>By Bouncy Castle, because the JDK's own takes six to nine times as long (JDK 17 and 25), and a pool that starts
     * checks two signatures of each member at each other member.
     */
    public boolean verifies(SignatureDomain domain, PoolLabel label, byte[] message, byte[] signature) {
        if (signature.length != SIGNATURE_BYTES) {
            return false;
        }
        return isSignatureOf(toBeSigned(domain, label, message), signature);
    }

    /** RFC 8032 section 5.1.7, with no label before {@code signed}; {@code signature} has 64 bytes. */
    boolean isSignatureOf(byte[] signed, byte[] signature) {
        return Ed25519.verify(signature, 0, bytes, 0, signed, 0, signed.length);
    }

    /** What is signed: length and label of the domain, length and label of the pool, the message. */
    static byte[] toBeSigned(SignatureDomain domain, PoolLabel label, byte[] message) {
        byte[] domainLabel = domain.label();
        byte[] poolLabel = label.bytes();
        byte[] all = new byte[2 + domainLabel.length + poolLabel.length + message.length];
        all[0] = (byte) domainLabel.length;
        System.arraycopy(domainLabel, 0, all, 1, domainLabel.length);
        all[1 + domainLabel.length] = (byte) poolLabel.length;
        System.arraycopy(poolLabel, 0, all, 2 + domainLabel.length, poolLabel.length);
        System.arraycopy(message, 0, all, 2 + domainLabel.length + poolLabel.length, message.length);
        return all;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof PublicKeyBytes key && Arrays.equals(bytes, key.bytes);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(bytes);
    }

    @Override
    public String toString() {
        return HexFormat.of().formatHex(bytes);
    }
}
