package io.culvert.gossip.wire;

/**
 * How many sessions are remembered; about 450 bytes each, taken as they come.
 *
 * @param provenSessions more than the hosts of the pool; fewer would make live peers prove themselves again and again
 * @param unprovenSessions those that have not answered yet: a flood of new sessions turns over in here
 */
public record EnvelopeBounds(int provenSessions, int unprovenSessions) {
    public static final EnvelopeBounds DEFAULT = new EnvelopeBounds(65_536, 8_192);

    public EnvelopeBounds {
        if (provenSessions < 1 || unprovenSessions < 1) {
            throw new IllegalArgumentException("session bounds: " + provenSessions + " proven, " + unprovenSessions
                    + " unproven (expected: at least 1 each)");
        }
    }
}
