package io.culvert.gossip.identity;

import java.nio.charset.StandardCharsets;

/**
 * The name of a pool. It is bound into every key and every signature, so that two pools never merge by accident, not even
 * with the same pool key.
 */
public record PoolLabel(String text) {
    /** Longest label, in bytes of UTF-8; its length is signed in one byte. */
    public static final int MAXIMUM_BYTES = 255;

    public PoolLabel {
        if (text.getBytes(StandardCharsets.UTF_8).length > MAXIMUM_BYTES) {
            throw new IllegalArgumentException("pool label: " + text + " (expected: at most 255 bytes)");
        }
    }

    public byte[] bytes() {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
