package io.culvert.gossip.membership;

import io.culvert.gossip.identity.PublicKeyBytes;
import io.culvert.gossip.identity.SignatureDomain;

/** The own key. Signing takes about 0.6 ms and happens rarely enough for the loop. */
public interface Signer {
    PublicKeyBytes publicKey();

    byte[] sign(SignatureDomain domain, byte[] message);
}
