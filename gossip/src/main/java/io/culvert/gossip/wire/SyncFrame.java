package io.culvert.gossip.wire;

import io.culvert.catalog.NodeId;
import java.util.ArrayList;
import java.util.List;

/** The words of anti-entropy, spoken over streams only. */
public sealed interface SyncFrame extends Frame
        permits SyncFrame.Request,
                SyncFrame.MemberDigest,
                SyncFrame.MemberWant,
                SyncFrame.CoordinateWant,
                SyncFrame.Coordinates,
                SyncFrame.ContentDigest,
                SyncFrame.Done,
                SyncFrame.Busy,
                TreeQuery,
                TreeSums {

    /** Let us compare: the roots of the asker's two trees. */
    record Request(long memberRoot, long contentRoot) implements SyncFrame {
        static Request read(WireReader in) throws MalformedFrame {
            return new Request(in.u64("member root"), in.u64("content root"));
        }

        @Override
        public FrameType type() {
            return FrameType.SYNC_REQUEST;
        }

        @Override
        public int bodyLength() {
            return 16;
        }

        @Override
        public void writeBody(WireWriter out) {
            out.u64(memberRoot).u64(contentRoot);
        }
    }

    /**
     * What one side believes of a member.
     *
     * @param standing ALIVE 0, SUSPECT 1, DEAD 2, LEFT 3, FORGOTTEN 4: the order of precedence in one incarnation
     */
    record MemberEntry(NodeId id, Incarnation incarnation, int standing) {
        static final int BYTES = 31;
    }

    /** Members that one side holds. */
    record MemberDigest(List<MemberEntry> entries) implements SyncFrame {
        /** Entries a frame: 62,000 bytes, inside a 16-bit length. */
        public static final int MOST = 2_000;

        public MemberDigest {
            entries = List.copyOf(entries);
        }

        static MemberDigest read(WireReader in) throws MalformedFrame {
            int count = count(in, MemberEntry.BYTES, MOST);
            List<MemberEntry> entries = new ArrayList<>(count);
            for (int i = 0; i < count; i++) {
                entries.add(
                        new MemberEntry(WireFields.id(in, "member"), WireFields.incarnation(in), in.u8("standing")));
            }
            return new MemberDigest(entries);
        }

        @Override
        public FrameType type() {
            return FrameType.MEMBER_DIGEST;
        }

        @Override
        public int bodyLength() {
            return MemberEntry.BYTES * entries.size();
        }

        @Override
        public void writeBody(WireWriter out) {
            for (MemberEntry entry : entries) {
                WireFields.incarnation(WireFields.id(out, entry.id), entry.incarnation)
                        .u8(entry.standing);
            }
        }
    }

    /** Tell me what you know of these members. */
    record MemberWant(List<NodeId> ids) implements SyncFrame {
        public static final int MOST = 4_000;

        public MemberWant {
            ids = List.copyOf(ids);
        }

        static MemberWant read(WireReader in) throws MalformedFrame {
            int count = count(in, NodeId.BYTES, MOST);
            List<NodeId> ids = new ArrayList<>(count);
            for (int i = 0; i < count; i++) {
                ids.add(WireFields.id(in, "member"));
            }
            return new MemberWant(ids);
        }

        @Override
        public FrameType type() {
            return FrameType.MEMBER_WANT;
        }

        @Override
        public int bodyLength() {
            return NodeId.BYTES * ids.size();
        }

        @Override
        public void writeBody(WireWriter out) {
            ids.forEach(id -> WireFields.id(out, id));
        }
    }

    /** Tell me where these members are. */
    record CoordinateWant(List<NodeId> ids) implements SyncFrame {
        public static final int MOST = 4_000;

        public CoordinateWant {
            ids = List.copyOf(ids);
        }

        static CoordinateWant read(WireReader in) throws MalformedFrame {
            return new CoordinateWant(MemberWant.read(in).ids);
        }

        @Override
        public FrameType type() {
            return FrameType.COORDINATE_WANT;
        }

        @Override
        public int bodyLength() {
            return NodeId.BYTES * ids.size();
        }

        @Override
        public void writeBody(WireWriter out) {
            ids.forEach(id -> WireFields.id(out, id));
        }
    }

    /**
     * Where a member is.
     *
     * @param ageSeconds since it said so; at most 65,535
     */
    record CoordinateEntry(NodeId id, int ageSeconds, Coordinate coordinate) {
        static final int BYTES = NodeId.BYTES + 2 + Coordinate.BYTES;
    }

    /** Where some members are. */
    record Coordinates(List<CoordinateEntry> entries) implements SyncFrame {
        /** Entries a frame: 62,000 bytes, inside a 16-bit length. */
        public static final int MOST = 1_000;

        public Coordinates {
            entries = List.copyOf(entries);
        }

        static Coordinates read(WireReader in) throws MalformedFrame {
            int count = count(in, CoordinateEntry.BYTES, MOST);
            List<CoordinateEntry> entries = new ArrayList<>(count);
            for (int i = 0; i < count; i++) {
                entries.add(new CoordinateEntry(WireFields.id(in, "member"), in.u16("age"), Coordinate.read(in)));
            }
            return new Coordinates(entries);
        }

        @Override
        public FrameType type() {
            return FrameType.COORDINATES;
        }

        @Override
        public int bodyLength() {
            return CoordinateEntry.BYTES * entries.size();
        }

        @Override
        public void writeBody(WireWriter out) {
            for (CoordinateEntry entry : entries) {
                WireFields.id(out, entry.id).u16(entry.ageSeconds);
                entry.coordinate.write(out);
            }
        }
    }

    /** What one side holds of an owner's content; 28 bytes. */
    record ContentEntry(NodeId owner, long epoch, long version) {
        static final int BYTES = 28;
    }

    /** Owners whose content one side holds. */
    record ContentDigest(List<ContentEntry> entries) implements SyncFrame {
        public static final int MOST = 2_000;

        public ContentDigest {
            entries = List.copyOf(entries);
        }

        static ContentDigest read(WireReader in) throws MalformedFrame {
            int count = count(in, ContentEntry.BYTES, MOST);
            List<ContentEntry> entries = new ArrayList<>(count);
            for (int i = 0; i < count; i++) {
                entries.add(new ContentEntry(WireFields.id(in, "owner"), in.u48("epoch"), in.u48("version")));
            }
            return new ContentDigest(entries);
        }

        @Override
        public FrameType type() {
            return FrameType.CONTENT_DIGEST;
        }

        @Override
        public int bodyLength() {
            return ContentEntry.BYTES * entries.size();
        }

        @Override
        public void writeBody(WireWriter out) {
            for (ContentEntry entry : entries) {
                WireFields.id(out, entry.owner).u48(entry.epoch).u48(entry.version);
            }
        }
    }

    /** Nothing more from my side in this step. */
    record Done() implements SyncFrame {
        @Override
        public FrameType type() {
            return FrameType.SYNC_DONE;
        }

        @Override
        public int bodyLength() {
            return 0;
        }

        @Override
        public void writeBody(WireWriter out) {
            // The type says it all.
        }
    }

    /** Ask somebody else: as many are being served as may be. */
    record Busy() implements SyncFrame {
        @Override
        public FrameType type() {
            return FrameType.BUSY;
        }

        @Override
        public int bodyLength() {
            return 0;
        }

        @Override
        public void writeBody(WireWriter out) {
            // The type says it all.
        }
    }

    private static int count(WireReader in, int entryBytes, int most) throws MalformedFrame {
        int count = in.remaining() / entryBytes;
        if (in.remaining() % entryBytes != 0 || count > most) {
            throw new MalformedFrame(MalformedFrame.Reason.INVALID, "list length");
        }
        return count;
    }
}
