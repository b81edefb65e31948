package io.culvert.gossip.identity;

import io.culvert.catalog.NodeId;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.spec.PKCS8EncodedKeySpec;

/** The Ed25519 key pair that is this agent. Whoever holds it can speak for the agent; it never leaves the host. */
public final class NodeKey {
    private final PrivateKey privateKey;
    private final PublicKeyBytes publicKey;
    private final NodeId id;

    private NodeKey(PrivateKey privateKey, PublicKeyBytes publicKey) {
        this.privateKey = privateKey;
        this.publicKey = publicKey;
        this.id = publicKey.id();
    }

    public static NodeKey generate(SecureRandom random) {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance(PublicKeyBytes.ALGORITHM);
            generator.initialize(255, random);
            KeyPair pair = generator.generateKeyPair();
            return new NodeKey(pair.getPrivate(), PublicKeyBytes.of(pair.getPublic()));
        } catch (GeneralSecurityException missing) {
            throw new IllegalStateException("this Java has no Ed25519", missing);
        }
    }

    /** @throws GeneralSecurityException if {@code pkcs8} is no Ed25519 private key, or not the one of {@code publicKey} */
    static NodeKey of(byte[] pkcs8, PublicKeyBytes publicKey) throws GeneralSecurityException {
        NodeKey key = new NodeKey(
                KeyFactory.getInstance(PublicKeyBytes.ALGORITHM).generatePrivate(new PKCS8EncodedKeySpec(pkcs8)),
                publicKey);
        // The JDK cannot compute the public half; a signature shows that the two belong together.
        byte[] challenge = publicKey.bytes();
        PoolLabel none = new PoolLabel("");
        if (!publicKey.verifies(
                SignatureDomain.ALIVE, none, challenge, key.sign(SignatureDomain.ALIVE, none, challenge))) {
            throw new GeneralSecurityException("the private and the public key do not belong together");
        }
        return key;
    }

    public NodeId id() {
        return id;
    }

    public PublicKeyBytes publicKey() {
        return publicKey;
    }

    /** Signs {@code message} for {@code domain} in the pool {@code label}: 64 bytes, the same for the same input. */
    public byte[] sign(SignatureDomain domain, PoolLabel label, byte[] message) {
        try {
            Signature signer = Signature.getInstance(PublicKeyBytes.ALGORITHM);
            signer.initSign(privateKey);
            signer.update(PublicKeyBytes.toBeSigned(domain, label, message));
            return signer.sign();
        } catch (GeneralSecurityException broken) {
            throw new IllegalStateException("cannot sign with the key of node " + id, broken);
        }
    }

    /** PKCS #8, for {@link NodeKeyFile} only. */
    byte[] secret() {
        return privateKey.getEncoded();
    }

    @Override
    public String toString() {
        return "NodeKey[" + id + ", ****]";
    }
}
