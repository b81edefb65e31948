package io.culvert.gossip.membership;

import io.culvert.catalog.NodeId;
import io.culvert.gossip.bounds.Size;
import io.culvert.gossip.wire.Frame;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Signed rumours whose check is under way, so that the many copies of one rumour cost one check; and the senders whose
 * signatures were bad, to whom we stop listening for a while. Bounded: what does not fit comes again with a later copy or
 * the next comparison of tables.
 */
final class Claims {
    // A whole pool's words at once when joining: 16,384 * about 400 B = 6.5 MB at most.
    private static final int MOST_PENDING = 16_384;
    private static final int MOST_BAD_A_MINUTE = 10;
    private static final long MINUTE_NANOS = 60_000_000_000L;
    private static final int MOST_SENDERS = 1_024;

    private final Map<Frame.Rumour, Frame.@Nullable Rumour> pending = new HashMap<>();
    private final Map<NodeId, Frame.Rumour> newestByMember = new HashMap<>();
    private final Map<NodeId, Deque<Long>> badBySender = new LinkedHashMap<>();

    /** @return whether the check is to be made: it is new, there is room, and the sender is not known for bad ones */
    boolean begin(Frame.Rumour rumour, NodeId sender, long now) {
        if (pending.containsKey(rumour) || pending.size() >= MOST_PENDING || isBad(sender, now)) {
            return false;
        }
        pending.put(rumour, null);
        newestByMember.put(rumour.about(), rumour);
        return true;
    }

    /** Keeps a word about a member whose own word is still being checked; the last in order of precedence. */
    void attach(Frame.Rumour follower) {
        Frame.Rumour claim = newestByMember.get(follower.about());
        if (claim != null && claim.incarnation().equals(follower.incarnation())) {
            Frame.Rumour kept = pending.get(claim);
            if (kept == null || !(follower instanceof Frame.Suspect)) {
                pending.put(claim, follower);
            }
        }
    }

    /** The check is made; the word that waited for it, if any. */
    Frame.@Nullable Rumour end(Frame.Rumour rumour) {
        newestByMember.remove(rumour.about(), rumour);
        return pending.remove(rumour);
    }

    /** The check is made and nothing follows from it for others. */
    void forget(Frame.Rumour rumour) {
        newestByMember.remove(rumour.about(), rumour);
        pending.remove(rumour);
    }

    void bad(NodeId sender, long now) {
        if (badBySender.size() >= MOST_SENDERS && !badBySender.containsKey(sender)) {
            badBySender.remove(badBySender.keySet().iterator().next());
        }
        Deque<Long> times = badBySender.computeIfAbsent(sender, unused -> new ArrayDeque<>());
        times.addLast(now);
        if (times.size() > MOST_BAD_A_MINUTE) {
            times.removeFirst();
        }
    }

    private boolean isBad(NodeId sender, long now) {
        Deque<Long> times = badBySender.get(sender);
        return times != null && times.size() >= MOST_BAD_A_MINUTE && now - times.getFirst() < MINUTE_NANOS;
    }

    int size() {
        return pending.size();
    }

    List<Size> sizes() {
        return List.of(
                new Size("signatures of members to check", pending.size(), MOST_PENDING),
                new Size("members with such signatures", newestByMember.size(), MOST_PENDING),
                new Size("senders of bad ones", badBySender.size(), MOST_SENDERS));
    }
}
