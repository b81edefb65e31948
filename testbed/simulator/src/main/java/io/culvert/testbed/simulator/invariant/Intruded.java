package io.culvert.testbed.simulator.invariant;

import io.culvert.gossip.core.Effect;
import java.util.List;

/**
 * What one packet of a stranger came to.
 *
 * @param standing what the stranger has
 * @param bytes of the packet
 * @param effects all that the machine wanted done for it
 * @param rootsChanged whether the tables of members or contents are others than before
 */
public record Intruded(Standing standing, int bytes, List<Effect> effects, boolean rootsChanged) {
    /** What a stranger has to show. */
    public enum Standing {
        /** No key. */
        KEYLESS,
        /** The pool's key, but has never echoed a cookie. */
        COOKIELESS
    }

    long bytesCaused() {
        return effects.stream()
                .mapToLong(effect -> effect instanceof Effect.Send send ? send.packet().length : 0)
                .sum();
    }
}
