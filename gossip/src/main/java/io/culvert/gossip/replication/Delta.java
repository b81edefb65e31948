package io.culvert.gossip.replication;

import io.culvert.catalog.CheckStatus;
import io.culvert.gossip.wire.FrameType;
import io.culvert.gossip.wire.MalformedFrame;
import io.culvert.gossip.wire.MalformedFrame.Reason;
import io.culvert.gossip.wire.WireReader;
import io.culvert.gossip.wire.WireWriter;
import java.util.ArrayList;
import java.util.List;

/**
 * A head and what changed since {@code previousVersion} of the same epoch; version 0 is the empty set. Whoever holds any
 * version from there on can apply it.
 *
 * @param changes in ascending order of slots, at most one for each
 */
public record Delta(Head head, long previousVersion, List<Change> changes) implements Announcement {
    private static final int PUT = 1;
    private static final int STATUS = 2;
    private static final int DELETE = 3;
    /** How far back a change may lie: one byte. */
    static final int MOST_VERSIONS = 255;

    private static final int LEAST_CHANGE_BYTES = 4;
    private static final int CHANGE_WEIGHT = 64;

    public Delta {
        changes = List.copyOf(changes);
    }

    /** What happened to one slot. */
    public sealed interface Change permits Put, StatusFlip, Delete {
        int slot();

        /** Version that brought it. */
        long version();
    }

    /** The slot holds {@code body} now. */
    public record Put(int slot, long version, byte[] body) implements Change {}

    /** The check in the slot has this status now; 5 bytes on the wire. */
    public record StatusFlip(int slot, long version, CheckStatus status) implements Change {}

    /** The slot is empty now. */
    public record Delete(int slot, long version) implements Change {}

    static Delta read(WireReader reader) throws MalformedFrame {
        Head head = Head.read(reader);
        long back = reader.varint(head.version(), "previous version");
        int count = reader.count(ContentLimits.RECORDS, LEAST_CHANGE_BYTES, "changes");
        List<Change> changes = new ArrayList<>(count);
        int before = -1;
        for (int i = 0; i < count; i++) {
            Change change = change(reader, head.version());
            if (change.slot() <= before) {
                throw new MalformedFrame(Reason.INVALID, "order of slots");
            }
            before = change.slot();
            changes.add(change);
        }
        return new Delta(head, head.version() - back, changes);
    }

    private static Change change(WireReader reader, long newest) throws MalformedFrame {
        int slot = reader.u16("slot");
        int operation = reader.u8("operation");
        long version = newest - reader.u8("version offset");
        if (version < 1) {
            throw new MalformedFrame(Reason.INVALID, "version offset");
        }
        return switch (operation) {
            case PUT -> new Put(slot, version, reader.block(ContentLimits.RECORD_BYTES, "record"));
            case STATUS -> new StatusFlip(slot, version, RecordCodec.status(reader.u8("check status")));
            case DELETE -> new Delete(slot, version);
            default -> throw new MalformedFrame(Reason.UNKNOWN_KIND, "operation");
        };
    }

    @Override
    public FrameType type() {
        return FrameType.DELTA;
    }

    @Override
    public WireWriter write(WireWriter writer) {
        head.write(writer).varint(head.version() - previousVersion).varint(changes.size());
        for (Change change : changes) {
            write(change, writer.u16(change.slot()));
        }
        return writer;
    }

    private void write(Change change, WireWriter writer) {
        int offset = (int) (head.version() - change.version());
        if (change instanceof Put put) {
            writer.u8(PUT).u8(offset).block(put.body());
        } else if (change instanceof StatusFlip flip) {
            writer.u8(STATUS).u8(offset).u8(flip.status().ordinal());
        } else {
            writer.u8(DELETE).u8(offset);
        }
    }

    @Override
    public int weight() {
        int weight = Head.WEIGHT;
        for (Change change : changes) {
            weight += change instanceof Put put ? CHANGE_WEIGHT + put.body().length : CHANGE_WEIGHT;
        }
        return weight;
    }
}
