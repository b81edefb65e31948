package io.culvert.gossip.membership;

import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Whose turn it is: a shuffled round, shuffled anew after each pass, newcomers put in by chance (SWIM section 4.3). So
 * every member is probed by every other within two rounds, and by somebody at random times.
 */
final class ProbeOrder {
    private final RandomGenerator random;
    private final List<Member> order = new ArrayList<>();
    private int next;

    ProbeOrder(RandomGenerator random) {
        this.random = random;
    }

    void add(Member member) {
        if (member.inProbeOrder) {
            return;
        }
        member.inProbeOrder = true;
        int place = random.nextInt(order.size() + 1);
        // Swapping instead of shifting: ten thousand newcomers must not cost ten thousand moves each.
        order.add(member);
        swap(place, order.size() - 1);
    }

    /** The next one that is present, or null when nobody is; the gone are left out for good. */
    @Nullable
    Member next(MemberTable table) {
        while (!order.isEmpty()) {
            if (next >= order.size()) {
                shuffle();
                next = 0;
            }
            Member member = order.get(next);
            // One that was forgotten and came back has another row.
            if (!member.standing.isPresent() || table.find(member.id()) != member) {
                swap(next, order.size() - 1);
                order.remove(order.size() - 1);
                member.inProbeOrder = false;
                continue;
            }
            next++;
            return member;
        }
        return null;
    }

    private void shuffle() {
        for (int i = order.size() - 1; i > 0; i--) {
            swap(i, random.nextInt(i + 1));
        }
    }

    private void swap(int one, int other) {
        Member kept = order.get(one);
        order.set(one, order.get(other));
        order.set(other, kept);
    }
}
