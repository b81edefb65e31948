package io.culvert.gossip.keyring;

import io.culvert.catalog.NodeId;
import io.culvert.gossip.identity.PoolLabel;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import javax.crypto.SecretKey;
import javax.crypto.spec.SecretKeySpec;

/**
 * What is derived from one pool key. The pool key itself never encrypts: 10,000 hosts under one key would meet the limit
 * of random nonces within hours, so each process gets a key of its own and counts its packets (NIST SP 800-38D section
 * 8.3).
 */
public final class KeySchedule {
    private static final byte[] SALT = ascii("culvert/gossip/1/");
    private static final byte[] PACKET = ascii("packet");
    private static final byte[] STREAM = ascii("stream");
    private static final byte[] TREE = ascii("tree");
    private static final int TREE_KEY_BYTES = 16;

    private final long keyId;
    private final byte[] pseudorandomKey;

    KeySchedule(PoolLabel label, PoolKey key) {
        this.keyId = key.id();
        this.pseudorandomKey = Hkdf.extract(joined(SALT, label.bytes()), key.secret());
    }

    /** Number of the pool key. */
    public long keyId() {
        return keyId;
    }

    /** AES-256 key of the datagrams of one process of {@code sender}: {@code session} is drawn at its start. */
    public SecretKey packetKey(NodeId sender, long session) {
        return aes(joined(PACKET, sender.bytes(), number(session)));
    }

    /**
     * AES-256 key of one direction of one stream.
     *
     * @param transcript hash over what both sides said in the clear, a nonce of each included
     */
    public SecretKey streamKey(boolean fromInitiator, byte[] transcript) {
        return aes(joined(STREAM, new byte[] {(byte) (fromInitiator ? 'i' : 'r')}, transcript));
    }

    /** SipHash key of the sums that two hosts compare to find what differs: 16 bytes. */
    public byte[] treeKey() {
        return Hkdf.expand(pseudorandomKey, TREE, TREE_KEY_BYTES);
    }

    @Override
    public String toString() {
        return String.format("KeySchedule[%08x, ****]", keyId);
    }

    private SecretKey aes(byte[] info) {
        return new SecretKeySpec(Hkdf.expand(pseudorandomKey, info, Hkdf.HASH_BYTES), "AES");
    }

    private static byte[] number(long value) {
        byte[] bytes = new byte[Long.BYTES];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) (value >>> 56 - 8 * i);
        }
        return bytes;
    }

    private static byte[] joined(byte[]... parts) {
        byte[] all = new byte[Arrays.stream(parts).mapToInt(part -> part.length).sum()];
        int at = 0;
        for (byte[] part : parts) {
            System.arraycopy(part, 0, all, at, part.length);
            at += part.length;
        }
        return all;
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
