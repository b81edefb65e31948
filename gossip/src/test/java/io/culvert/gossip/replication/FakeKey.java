package io.culvert.gossip.replication;

import io.culvert.catalog.NodeId;
import io.culvert.gossip.identity.PublicKeyBytes;
import io.culvert.testbed.kit.Property;
import java.util.Arrays;
import java.util.SplittableRandom;

/**
 * Signatures that cost nothing, with the sizes of real ones, for worlds of many owners. Everybody could forge them: tests
 * that forge use real keys.
 */
record FakeKey(PublicKeyBytes publicKey) implements HeadSigner {
    static FakeKey random(SplittableRandom random) {
        return new FakeKey(PublicKeyBytes.of(Property.bytes(random, 32)));
    }

    NodeId id() {
        return publicKey.id();
    }

    @Override
    public byte[] sign(byte[] head) {
        return signature(publicKey, head);
    }

    static boolean isSigned(Head head, PublicKeyBytes key) {
        return key.id().equals(head.owner()) && Arrays.equals(signature(key, head.signedBytes()), head.signature());
    }

    private static byte[] signature(PublicKeyBytes key, byte[] message) {
        byte[] both = Arrays.copyOf(message, message.length + 32);
        System.arraycopy(key.bytes(), 0, both, message.length, 32);
        return Arrays.copyOf(Sha256.of(both), PublicKeyBytes.SIGNATURE_BYTES);
    }
}
