package io.culvert.testbed.simulator;

import io.culvert.catalog.NodeId;
import io.culvert.gossip.core.SignatureCheck;
import io.culvert.gossip.identity.PublicKeyBytes;
import io.culvert.gossip.identity.SignatureDomain;
import io.culvert.gossip.membership.Signer;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.SplittableRandom;

/** Signatures of the right size that cost a checksum. Honest nodes only: who knows a public key can sign for it. */
final class PlainSigner implements Signer {
    private final PublicKeyBytes publicKey;
    private final NodeId id;

    PlainSigner(String name) {
        byte[] key = new byte[PublicKeyBytes.BYTES];
        new SplittableRandom(absorb(0, name.getBytes(StandardCharsets.UTF_8))).nextBytes(key);
        publicKey = PublicKeyBytes.of(key);
        id = publicKey.id();
    }

    /** Hashed once. */
    NodeId id() {
        return id;
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
        return Arrays.equals(check.signature(), signature(check.key(), check.domain(), check.message()))
                && check.key().id().equals(check.signer());
    }

    private static byte[] signature(PublicKeyBytes key, SignatureDomain domain, byte[] message) {
        long state = World.mix(domain.ordinal() + 1);
        state = absorb(absorb(state, key.bytes()), message);
        ByteBuffer whole = ByteBuffer.allocate(PublicKeyBytes.SIGNATURE_BYTES);
        while (whole.hasRemaining()) {
            state = World.mix(state + 0x9e3779b97f4a7c15L);
            whole.putLong(state);
        }
        return whole.array();
    }

    private static long absorb(long state, byte[] bytes) {
        ByteBuffer in = ByteBuffer.wrap(bytes);
        long absorbed = World.mix(state ^ bytes.length);
        while (in.remaining() >= Long.BYTES) {
            absorbed = World.mix(absorbed ^ in.getLong());
        }
        while (in.hasRemaining()) {
            absorbed = World.mix(absorbed ^ in.get());
        }
        return absorbed;
    }
}
