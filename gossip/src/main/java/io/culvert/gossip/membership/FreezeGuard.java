package io.culvert.gossip.membership;

import java.util.ArrayDeque;
import java.util.Deque;

/**
 * When more than 30 % of the members die inside one suspicion time, it is we who are cut off: the layers above keep
 * routing to the last known (they are shown suspects) instead of dropping all. Pools in which so few died that it may
 * well be true are not frozen.
 */
final class FreezeGuard {
    // One or two of three hosts do die together; five at once are rarely an accident of hosts.
    private static final int LEAST_DEATHS = 5;
    private static final double SHARE = 0.3;
    // By then an operator has looked, or the share is really dead; passive failures have moved the traffic.
    private static final long LONGEST_NANOS = 10L * 60 * 1_000_000_000L;

    private final Deque<Long> deaths = new ArrayDeque<>();
    private boolean frozen;
    private long frozenAt;

    boolean isFrozen() {
        return frozen;
    }

    /** @return whether this death froze the pool */
    boolean onDeath(int presentAfter, long window, long now) {
        deaths.addLast(now);
        expire(window, now);
        boolean many = deaths.size() >= LEAST_DEATHS && deaths.size() > SHARE * (presentAfter + deaths.size());
        if (!many || frozen) {
            return false;
        }
        frozen = true;
        frozenAt = now;
        return true;
    }

    /**
     * @param dead how many are dead now
     * @return whether the freeze ended: the wave is over and we can see half of the pool, or it lasted long enough
     */
    boolean thaws(int present, int dead, long window, long now) {
        if (!frozen) {
            return false;
        }
        expire(window, now);
        boolean waveOver = deaths.size() <= SHARE * (present + deaths.size());
        boolean majority = present + 1 > dead;
        if (waveOver && majority || now - frozenAt > LONGEST_NANOS) {
            frozen = false;
            return true;
        }
        return false;
    }

    private void expire(long window, long now) {
        while (!deaths.isEmpty() && now - deaths.getFirst() > window) {
            deaths.removeFirst();
        }
    }
}
