package io.culvert.gossip.identity;

import java.nio.charset.StandardCharsets;

/** What a signature is for. The domain is part of what is signed, so that no signature can be taken for another's. */
public enum SignatureDomain {
    /** State of an owner's records. */
    HEAD("culvert/gossip/1/head"),
    /** "I am at this address." */
    ALIVE("culvert/gossip/1/alive"),
    /** "I am leaving." */
    LEFT("culvert/gossip/1/left");

    private final byte[] label;

    SignatureDomain(String label) {
        this.label = label.getBytes(StandardCharsets.US_ASCII);
    }

    byte[] label() {
        return label.clone();
    }
}
