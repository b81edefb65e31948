package io.culvert.gossip.membership;

import io.culvert.catalog.NodeId;
import io.culvert.gossip.bounds.Size;
import io.culvert.gossip.membership.MembershipPort.Claim;
import io.culvert.gossip.wire.Frame;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Signed rumours that wait for their check or are under it. The many copies of one rumour cost one check. What members
 * hand on whose address is proven goes first: nobody who merely holds the pool's key can make their words wait behind
 * forged ones. Senders of bad signatures are not listened to for a while. Bounded: what does not fit comes again with a
 * later copy, or with the next comparison of tables.
 */
final class Claims {
    /** A whole pool's words at once when joining: 16,384 * about 400 B = 6.5 MB at most, and the same again. */
    private static final int MOST_WAITING = 16_384;
    /** About 45 ms of signature checks: enough to keep the checker busy, too few to wait for. */
    static final int MOST_CHECKED_AT_ONCE = 64;
    /** Of so many checks one is a stranger's when strangers wait. */
    private static final int STRANGERS_TURN = 4;

    private static final int MOST_BAD_A_MINUTE = 10;
    private static final long MINUTE_NANOS = 60_000_000_000L;
    private static final int MOST_SENDERS = 1_024;
    // Newcomers are still let in while somebody forges; a core is not burnt for it.
    private static final double STRANGERS_A_SECOND_UNDER_ATTACK = 100;

    private final MembershipPort port;
    private final Map<Frame.Rumour, Entry> open = new HashMap<>();
    private final Map<NodeId, Entry> newestByMember = new HashMap<>();
    private final Deque<Entry> vouched = new ArrayDeque<>();
    private final Deque<Entry> strangers = new ArrayDeque<>();
    private final Map<NodeId, Deque<Long>> badBySender = new LinkedHashMap<>();
    private final Deque<Long> badOfStrangers = new ArrayDeque<>();
    private final TokenBucket strangersUnderAttack =
            new TokenBucket(STRANGERS_A_SECOND_UNDER_ATTACK, STRANGERS_A_SECOND_UNDER_ATTACK, 0);
    private int checked;
    private int turn;
    private long dropped;

    Claims(MembershipPort port) {
        this.port = port;
    }

    private static final class Entry {
        final Claim claim;

        /** The last word about the same member, in order of precedence, which waits for this one. */
        Frame.@Nullable Rumour follower;

        Entry(Claim claim) {
            this.claim = claim;
        }
    }

    /** Has it checked when its turn comes, unless it is being checked already, there is no room or the sender lies. */
    void submit(Claim claim, long now) {
        if (open.containsKey(claim.rumour())) {
            return;
        }
        Deque<Entry> lane = claim.hearing().vouched() ? vouched : strangers;
        if (lane.size() >= MOST_WAITING || isMuted(claim.hearing(), now)) {
            dropped++;
            return;
        }
        Entry entry = new Entry(claim);
        open.put(claim.rumour(), entry);
        newestByMember.put(claim.rumour().about(), entry);
        lane.addLast(entry);
        pump();
    }

    private void pump() {
        while (checked < MOST_CHECKED_AT_ONCE) {
            turn = (turn + 1) % STRANGERS_TURN;
            Deque<Entry> first = turn == 0 ? strangers : vouched;
            Entry next = first.pollFirst();
            if (next == null) {
                next = (first == vouched ? strangers : vouched).pollFirst();
            }
            if (next == null) {
                return;
            }
            checked++;
            port.verify(next.claim);
        }
    }

    /** Keeps a word about a member whose own word is still being checked; the last in order of precedence. */
    void attach(Frame.Rumour follower) {
        Entry entry = newestByMember.get(follower.about());
        if (entry != null && entry.claim.rumour().incarnation().equals(follower.incarnation())) {
            if (entry.follower == null || !(follower instanceof Frame.Suspect)) {
                entry.follower = follower;
            }
        }
    }

    /** The check is made; the word that waited for it, if any. */
    Frame.@Nullable Rumour end(Frame.Rumour rumour) {
        Entry entry = open.remove(rumour);
        if (entry == null) {
            return null;
        }
        newestByMember.remove(rumour.about(), entry);
        checked--;
        pump();
        return entry.follower;
    }

    /** A signature was wrong. Only who was proven to be there is blamed for it by name. */
    void bad(Hearing hearing, long now) {
        Deque<Long> times = badOfStrangers;
        if (hearing.vouched()) {
            if (badBySender.size() >= MOST_SENDERS && !badBySender.containsKey(hearing.sender())) {
                badBySender.remove(badBySender.keySet().iterator().next());
            }
            times = badBySender.computeIfAbsent(hearing.sender(), unused -> new ArrayDeque<>());
        }
        times.addLast(now);
        if (times.size() > MOST_BAD_A_MINUTE) {
            times.removeFirst();
        }
    }

    private boolean isMuted(Hearing hearing, long now) {
        if (hearing.vouched()) {
            return isBad(badBySender.get(hearing.sender()), now);
        }
        return isBad(badOfStrangers, now) && !strangersUnderAttack.tryTake(1, now);
    }

    private static boolean isBad(@Nullable Deque<Long> times, long now) {
        return times != null && times.size() >= MOST_BAD_A_MINUTE && now - times.getFirst() < MINUTE_NANOS;
    }

    /** Under check or waiting for it. */
    int size() {
        return open.size();
    }

    List<Size> sizes() {
        return List.of(
                new Size("signatures of members that vouched ones brought", vouched.size(), MOST_WAITING),
                new Size("signatures of members that strangers brought", strangers.size(), MOST_WAITING),
                new Size("signatures of members under check", checked, MOST_CHECKED_AT_ONCE),
                new Size(
                        "members with such signatures",
                        newestByMember.size(),
                        2L * MOST_WAITING + MOST_CHECKED_AT_ONCE),
                new Size("senders of bad ones", badBySender.size(), MOST_SENDERS));
    }

    /** Words that were not taken, because of the bound or their sender. */
    long dropped() {
        return dropped;
    }
}
