package io.culvert.gossip.core;

import io.culvert.gossip.membership.SwimSettings;
import java.time.Duration;

/**
 * When the next gossip tick is due. News after a silence is told at once, and whoever hears it tells it on at once, so that
 * it runs through a quiet pool as fast as packets do; after that a tick waits for its interval, so that a busy pool gathers
 * news and the interval stays the bound of packets a second. Without news a tick only keeps house.
 */
final class GossipPace {
    private static final Duration LONGEST_SILENCE = Duration.ofSeconds(1);
    /** While an answer is waited for, the tick is what notices that it does not come. */
    private static final long WAITING_NANOS = Duration.ofSeconds(5).toNanos();

    private final long interval;
    private final long idleInterval;
    private final long toTheDead;
    private long last;
    private long lastNews;
    private long busyUntil;

    /** @param first when the first tick is due */
    GossipPace(SwimSettings settings, long first) {
        interval = settings.spread().interval().toNanos();
        Duration probe = settings.probe().interval();
        Duration silence = probe.compareTo(LONGEST_SILENCE) < 0 ? probe : LONGEST_SILENCE;
        idleInterval = Math.max(interval, silence.toNanos());
        toTheDead = settings.spread().toTheDead().toNanos();
        last = first - interval;
        lastNews = last;
        busyUntil = first;
    }

    /** @param news whether there was something to be told: a tick that only kept house delays no news */
    void ticked(boolean news, long now) {
        last = now;
        if (news) {
            lastNews = now;
        }
    }

    /** Somebody was asked for content. */
    void askedAt(long now) {
        busyUntil = Math.max(busyUntil, now + WAITING_NANOS);
    }

    /** Somebody is accused: it is told so in passing, for as long as it may object. */
    void accusedAt(long now) {
        busyUntil = Math.max(busyUntil, now + toTheDead);
    }

    /** @param news whether there is something to be told */
    long next(boolean news, long now) {
        if (news) {
            return Math.max(now, lastNews + interval);
        }
        return now < busyUntil ? Math.max(now, last + interval) : last + idleInterval;
    }
}
