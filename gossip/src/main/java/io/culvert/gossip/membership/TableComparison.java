package io.culvert.gossip.membership;

import io.culvert.catalog.NodeId;
import io.culvert.gossip.wire.Frame;
import io.culvert.gossip.wire.Incarnation;
import io.culvert.gossip.wire.SyncFrame.MemberEntry;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Anti-entropy of member tables: what two of them have to tell each other so that both know the same. */
final class TableComparison {
    private final SwimSettings.Keeping keeping;
    private final MemberTable table;
    private final Self self;
    private final Refuter refuter;

    TableComparison(SwimSettings.Keeping keeping, MemberTable table, Self self, Refuter refuter) {
        this.keeping = keeping;
        this.table = table;
        this.self = self;
        this.refuter = refuter;
    }

    /** What this member believes of everybody, itself included. */
    List<MemberEntry> digest(NodeId peer, long now) {
        List<MemberEntry> entries = new ArrayList<>(table.size() + 1);
        entries.add(
                new MemberEntry(self.id(), self.incarnation(), self.standing().settled()));
        for (Member member : table.all()) {
            if (member.id().equals(peer) || isListed(member, now)) {
                entries.add(new MemberEntry(member.id(), member.incarnation, member.standing.settled()));
            }
        }
        return entries;
    }

    // Who speaks with us is listed in any case: it has to hear that it is held for dead, or it never objects.
    private boolean isListed(Member member, long now) {
        return member.standing.isPresent()
                || now - member.changedAt < keeping.unlistedAfter().toNanos();
    }

    /** Compares with all that a peer believes. */
    Membership.Difference compare(List<MemberEntry> theirs, NodeId peer, long now) {
        Map<NodeId, MemberEntry> unmatched = new HashMap<>();
        theirs.forEach(entry -> unmatched.put(entry.id(), entry));
        List<NodeId> want = new ArrayList<>();
        List<Frame> tell = new ArrayList<>();
        compareSelf(unmatched.remove(self.id()), peer, now, new Membership.Difference(want, tell));
        for (Member member : table.all()) {
            MemberEntry entry = unmatched.remove(member.id());
            int order = entry == null ? -1 : order(entry, member.incarnation, member.standing);
            if (order > 0) {
                want.add(member.id());
            } else if (order < 0 && (member.id().equals(peer) || isListed(member, now))) {
                addWords(member, tell);
            }
        }
        for (MemberEntry entry : theirs) {
            if (unmatched.containsKey(entry.id())) {
                want.add(entry.id());
            }
        }
        return new Membership.Difference(want, tell);
    }

    private void compareSelf(@Nullable MemberEntry entry, NodeId peer, long now, Membership.Difference difference) {
        int order = entry == null ? -1 : order(entry, self.incarnation(), self.standing());
        if (order < 0) {
            difference.tell().addAll(self.words());
        } else if (order > 0 && entry != null) {
            if (entry.incarnation().equals(self.incarnation())) {
                refuter.onAccusation(new Frame.Dead(self.id(), entry.incarnation(), peer), now);
                difference.tell().addAll(self.words());
            } else {
                difference.want().add(self.id());
            }
        }
    }

    private static int order(MemberEntry entry, Incarnation incarnation, Standing standing) {
        int byIncarnation = entry.incarnation().compareTo(incarnation);
        return byIncarnation != 0 ? byIncarnation : Integer.compare(entry.standing(), standing.settled());
    }

    /** The words that a peer asked for. */
    List<Frame> words(List<NodeId> wanted) {
        List<Frame> frames = new ArrayList<>();
        for (NodeId id : wanted) {
            Member member = table.find(id);
            if (member != null) {
                addWords(member, frames);
            } else if (id.equals(self.id())) {
                frames.addAll(self.words());
            }
        }
        return frames;
    }

    private static void addWords(Member member, List<Frame> frames) {
        frames.add(member.alive);
        if (member.word != member.alive) {
            frames.add(member.word.frame());
        }
    }
}
