package io.culvert.gossip;

import io.culvert.gossip.identity.NodeKey;
import io.culvert.gossip.identity.PoolLabel;
import io.culvert.gossip.identity.PublicKeyBytes;
import io.culvert.gossip.identity.SignatureDomain;
import io.culvert.gossip.membership.Signer;

/** The own key, in one pool. */
record PoolSigner(NodeKey key, PoolLabel label) implements Signer {
    @Override
    public PublicKeyBytes publicKey() {
        return key.publicKey();
    }

    @Override
    public byte[] sign(SignatureDomain domain, byte[] message) {
        return key.sign(domain, label, message);
    }
}
