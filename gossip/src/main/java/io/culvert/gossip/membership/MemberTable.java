package io.culvert.gossip.membership;

import io.culvert.catalog.NodeId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** All members but this one, found by id in constant time and drawn by chance without copying. */
final class MemberTable {
    // Random draws among many; below this a walk over all is as cheap and never misses.
    private static final int WALK_BELOW = 64;

    private final Map<NodeId, Member> byId = new HashMap<>();
    private final List<Member> all = new ArrayList<>();
    private int present;

    @Nullable
    Member find(NodeId id) {
        return byId.get(id);
    }

    List<Member> all() {
        return all;
    }

    int size() {
        return all.size();
    }

    /** Alive or suspect. */
    int present() {
        return present;
    }

    void add(Member member) {
        member.index = all.size();
        all.add(member);
        byId.put(member.id(), member);
        if (member.standing.isPresent()) {
            present++;
        }
    }

    void remove(Member member) {
        Member last = all.remove(all.size() - 1);
        if (last.index != member.index) {
            all.set(member.index, last);
            last.index = member.index;
        }
        byId.remove(member.id());
        if (member.standing.isPresent()) {
            present--;
        }
    }

    void setStanding(Member member, Standing standing) {
        present += (standing.isPresent() ? 1 : 0) - (member.standing.isPresent() ? 1 : 0);
        member.standing = standing;
    }

    /** At most {@code count} different members that {@code wanted} takes, by chance. */
    List<Member> draw(int count, Predicate<Member> wanted, RandomGenerator random) {
        return all.size() < WALK_BELOW ? drawByWalk(count, wanted, random) : drawByTries(count, wanted, random);
    }

    private List<Member> drawByWalk(int count, Predicate<Member> wanted, RandomGenerator random) {
        List<Member> drawn = new ArrayList<>(count);
        int seen = 0;
        for (Member member : all) {
            if (!wanted.test(member)) {
                continue;
            }
            // Reservoir sampling: each has the same chance.
            seen++;
            if (drawn.size() < count) {
                drawn.add(member);
            } else {
                int place = random.nextInt(seen);
                if (place < count) {
                    drawn.set(place, member);
                }
            }
        }
        return drawn;
    }

    private List<Member> drawByTries(int count, Predicate<Member> wanted, RandomGenerator random) {
        List<Member> drawn = new ArrayList<>(count);
        for (int tries = 8 * count; tries > 0 && drawn.size() < count; tries--) {
            Member member = all.get(random.nextInt(all.size()));
            if (wanted.test(member) && !drawn.contains(member)) {
                drawn.add(member);
            }
        }
        // Those wanted are few among many: a walk finds them.
        return drawn.isEmpty() ? drawByWalk(count, wanted, random) : drawn;
    }
}
