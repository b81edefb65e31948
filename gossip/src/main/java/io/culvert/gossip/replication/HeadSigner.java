package io.culvert.gossip.replication;

import io.culvert.gossip.identity.PublicKeyBytes;

/** The own key, for heads. Signing takes about 0.6 ms and happens once for each batch of changes. */
public interface HeadSigner {
    PublicKeyBytes publicKey();

    /** Signs {@link Head#signedBytes} in the domain HEAD of the pool; the same bytes always give the same signature. */
    byte[] sign(byte[] head);
}
