package io.culvert.gossip.membership;

import io.culvert.catalog.NodeId;
import io.culvert.gossip.wire.Coordinate;
import io.culvert.gossip.wire.SyncFrame.CoordinateEntry;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Where everybody is. A member's own answer to a probe brings its coordinate; in a large pool its turn to be probed comes
 * every few hours, so comparisons of tables bring what others heard since. A coordinate is asked for when there is none, or
 * when it is old; so many a round that it costs under 1 KB/s whatever the size of the pool. Unsigned: a liar can make
 * itself and others look near or far, and nothing but that.
 */
final class CoordinateBook {
    /** Coordinates move slowly; ten minutes is a fraction of what routes change by. */
    static final long OLD_NANOS = 600_000_000_000L;
    /** Ten thousand are looked at again in thirteen minutes of rounds of ten seconds. */
    static final int MOST_OLD = 128;
    /** A newcomer knows where ten thousand are after two minutes. */
    static final int MOST_LACKING = 1_024;

    private static final long NANOS_A_SECOND = 1_000_000_000L;
    private static final int LONGEST_AGE_SECONDS = 0xffff;

    private final MemberTable table;
    private final Self self;
    private int cursor;

    CoordinateBook(MemberTable table, Self self) {
        this.table = table;
        this.self = self;
    }

    /** Whose coordinates are to be asked for in this round. */
    List<NodeId> wanted(long now) {
        List<NodeId> wanted = new ArrayList<>();
        int old = 0;
        List<Member> all = table.all();
        for (int i = 0; i < all.size() && wanted.size() < MOST_LACKING; i++) {
            cursor = (cursor + 1) % all.size();
            Member member = all.get(cursor);
            if (!member.standing.isPresent()) {
                continue;
            }
            if (member.coordinate == null) {
                wanted.add(member.id());
            } else if (now - member.coordinateAt > OLD_NANOS && old < MOST_OLD) {
                old++;
                wanted.add(member.id());
            }
        }
        return wanted;
    }

    /** What is known of {@code ids}, at most {@link #MOST_LACKING} of them; {@code own} is where this host is. */
    List<CoordinateEntry> known(List<NodeId> ids, Coordinate own, long now) {
        List<CoordinateEntry> entries = new ArrayList<>();
        for (NodeId id : ids.subList(0, Math.min(ids.size(), MOST_LACKING))) {
            Member member = table.find(id);
            Coordinate coordinate = member == null ? null : member.coordinate;
            if (id.equals(self.id())) {
                entries.add(new CoordinateEntry(id, 0, own));
            } else if (member != null && coordinate != null) {
                // Rounded up: what is passed on and on must not become younger on its way.
                long seconds = (now - member.coordinateAt + NANOS_A_SECOND - 1) / NANOS_A_SECOND;
                entries.add(new CoordinateEntry(id, (int) Math.min(LONGEST_AGE_SECONDS, seconds), coordinate));
            }
        }
        return entries;
    }

    /** Takes what answers {@code asked}, and nothing else. */
    void learn(List<CoordinateEntry> entries, List<NodeId> asked, long now) {
        Set<NodeId> expected = new HashSet<>(asked);
        for (CoordinateEntry entry : entries) {
            Member member = table.find(entry.id());
            if (member != null && expected.remove(entry.id())) {
                member.placed(entry.coordinate(), now - entry.ageSeconds() * NANOS_A_SECOND);
            }
        }
    }
}
