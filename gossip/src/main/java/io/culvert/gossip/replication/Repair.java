package io.culvert.gossip.replication;

import io.culvert.gossip.identity.PublicKeyBytes;
import io.culvert.gossip.wire.FrameType;
import io.culvert.gossip.wire.MalformedFrame;
import io.culvert.gossip.wire.MalformedFrame.Reason;
import io.culvert.gossip.wire.WireReader;
import io.culvert.gossip.wire.WireWriter;
import java.util.ArrayList;
import java.util.List;

/**
 * A head, the slots that are in use, and those records that the asker seems to lack. A record that is gone is simply not
 * among the slots: no tombstones. The owner's key comes along for those who never met the owner alive; it cannot be a
 * false one, since the owner's id is its hash.
 *
 * @param liveSlots ascending, as many as the head says
 * @param records ascending by slot, each in a live slot
 */
public record Repair(Head head, PublicKeyBytes ownerKey, List<Integer> liveSlots, List<Entry> records)
        implements Announcement {
    private static final int SLOT_BYTES = 2;
    private static final int LEAST_RECORD_BYTES = 4;
    private static final int SLOT_WEIGHT = 20;
    private static final int RECORD_WEIGHT = 64;

    /** @param version that last changed it, in the head's epoch: an unsigned hint, only to spare sending it again */
    public record Entry(int slot, long version, byte[] body) {}

    public Repair {
        liveSlots = List.copyOf(liveSlots);
        records = List.copyOf(records);
    }

    static Repair read(WireReader reader) throws MalformedFrame {
        Head head = Head.read(reader);
        PublicKeyBytes key = PublicKeyBytes.of(reader.bytes(PublicKeyBytes.BYTES, "owner key"));
        if (head.count() * SLOT_BYTES > reader.remaining()) {
            throw new MalformedFrame(Reason.TRUNCATED, "live slots");
        }
        List<Integer> slots = new ArrayList<>(head.count());
        int before = -1;
        for (int i = 0; i < head.count(); i++) {
            before = ascending(before, reader.u16("live slot"));
            slots.add(before);
        }
        return new Repair(head, key, slots, entries(reader, head));
    }

    private static List<Entry> entries(WireReader reader, Head head) throws MalformedFrame {
        int count = reader.count(head.count(), LEAST_RECORD_BYTES, "records");
        List<Entry> entries = new ArrayList<>(count);
        int before = -1;
        for (int i = 0; i < count; i++) {
            before = ascending(before, reader.u16("slot"));
            long back = reader.varint(head.version() - 1, "version offset");
            byte[] body = reader.block(ContentLimits.RECORD_BYTES, "record");
            entries.add(new Entry(before, head.version() - back, body));
        }
        return entries;
    }

    private static int ascending(int before, int slot) throws MalformedFrame {
        if (slot <= before) {
            throw new MalformedFrame(Reason.INVALID, "order of slots");
        }
        return slot;
    }

    @Override
    public int weight() {
        int weight = Head.WEIGHT + SLOT_WEIGHT * liveSlots.size();
        for (Entry entry : records) {
            weight += RECORD_WEIGHT + entry.body().length;
        }
        return weight;
    }

    @Override
    public FrameType type() {
        return FrameType.REPAIR;
    }

    @Override
    public WireWriter write(WireWriter writer) {
        head.write(writer).bytes(ownerKey.bytes());
        liveSlots.forEach(writer::u16);
        writer.varint(records.size());
        for (Entry entry : records) {
            writer.u16(entry.slot()).varint(head.version() - entry.version()).block(entry.body());
        }
        return writer;
    }
}
