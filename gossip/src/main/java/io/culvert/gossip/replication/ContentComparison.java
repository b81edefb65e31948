package io.culvert.gossip.replication;

import io.culvert.gossip.wire.SyncFrame;
import io.culvert.gossip.wire.SyncFrame.ContentDigest;
import io.culvert.gossip.wire.SyncFrame.ContentEntry;
import java.util.ArrayList;
import java.util.List;

/** What two hosts say to each other to find which owners' content differs. */
final class ContentComparison {
    private ContentComparison() {}

    /** At least one frame, also when nothing is held: silence would look like a refusal. */
    static List<ContentDigest> digest(List<OwnerTree.Entry> entries) {
        List<ContentEntry> all = new ArrayList<>(entries.size());
        for (OwnerTree.Entry entry : entries) {
            all.add(new ContentEntry(entry.owner(), entry.epoch(), entry.version()));
        }
        List<ContentDigest> frames = new ArrayList<>();
        int from = 0;
        do {
            int to = Math.min(all.size(), from + ContentDigest.MOST);
            frames.add(new ContentDigest(all.subList(from, to)));
            from = to;
        } while (from < all.size());
        return frames;
    }

    static List<Pull> lacking(Owners owners, List<ContentEntry> theirs) {
        List<Pull> questions = new ArrayList<>();
        for (SyncFrame.ContentEntry entry : theirs) {
            if (owners.lacks(entry.owner(), entry.epoch(), entry.version())) {
                questions.add(owners.pullFor(entry.owner()));
            }
        }
        return questions;
    }
}
