package io.culvert.gossip.core;

import io.culvert.gossip.membership.SwimSettings;
import io.culvert.gossip.membership.TokenBucket;

/**
 * What may be sent in rumours. Four fifths are for news of members, one fifth is for content; each may have what the other
 * leaves, so that neither is ever starved by the other, and nothing lies idle.
 */
final class GossipBudget {
    private static final int CONTENT_SHARE = 5;

    private final TokenBucket members;
    private final TokenBucket content;
    private final int membersFloor;
    private final int contentFloor;

    /** @param floor bytes that content leaves to news of members, which may come at any moment */
    GossipBudget(SwimSettings.Budget settings, int floor, long now) {
        int contentRate = settings.bytesPerSecond() / CONTENT_SHARE;
        int contentBurst = settings.burstBytes() / CONTENT_SHARE;
        members = new TokenBucket(settings.bytesPerSecond() - contentRate, settings.burstBytes() - contentBurst, now);
        content = new TokenBucket(contentRate, contentBurst, now);
        membersFloor = floor;
        contentFloor = contentBurst / 2;
    }

    int forMembers(long now) {
        return members.available(now) + Math.max(0, content.available(now) - contentFloor);
    }

    int forContent(long now) {
        return content.available(now) + Math.max(0, members.available(now) - membersFloor);
    }

    void spendForMembers(int bytes, long now) {
        spend(bytes, members, content, now);
    }

    void spendForContent(int bytes, long now) {
        spend(bytes, content, members, now);
    }

    private static void spend(int bytes, TokenBucket own, TokenBucket other, long now) {
        if (own.tryTake(bytes, now)) {
            return;
        }
        int rest = bytes - own.available(now);
        own.drain();
        // What had to be said may be more than there is: the bucket is then simply empty.
        if (!other.tryTake(rest, now)) {
            other.drain();
        }
    }
}
