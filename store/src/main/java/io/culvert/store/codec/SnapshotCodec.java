package io.culvert.store.codec;

import io.culvert.gossip.wire.MalformedFrame;
import io.culvert.gossip.wire.MalformedFrame.Reason;
import io.culvert.gossip.wire.WireReader;
import io.culvert.gossip.wire.WireWriter;
import io.culvert.store.state.KeyValue;
import io.culvert.store.state.Session;
import io.culvert.store.state.StoreState;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Map;
import java.util.zip.CRC32C;
import java.util.zip.CheckedInputStream;
import java.util.zip.CheckedOutputStream;

/**
 * A whole state as bytes. Layout: magic u32, format u8, index, time and format of the state, then records (length u32,
 * kind u8, fields), a record of length 0, and the CRC32C of all before. What is read back equals what was written, so that
 * a server that starts from a snapshot goes on exactly as the one that made it.
 */
public final class SnapshotCodec {
    private static final int MAGIC = 0x43565353;
    private static final int FORMAT = 1;
    private static final int ENTRY = 1;
    private static final int SESSION = 2;
    private static final int BLOCK = 3;
    private static final int LARGEST_RECORD = KeyValue.LARGEST_VALUE + 4 * KeyValue.LONGEST_KEY + 1_024;

    private SnapshotCodec() {}

    /** Why a snapshot cannot be read. */
    public static final class DamagedSnapshot extends Exception {
        private static final long serialVersionUID = 1;

        DamagedSnapshot(String why) {
            super("snapshot of the store: " + why);
        }
    }

    /** Writes {@code state}; the stream stays open. */
    public static void write(StoreState state, OutputStream target) throws IOException {
        CRC32C sum = new CRC32C();
        DataOutputStream to = new DataOutputStream(new CheckedOutputStream(target, sum));
        to.writeInt(MAGIC);
        to.writeByte(FORMAT);
        to.writeLong(state.index());
        to.writeLong(state.now());
        to.writeByte(state.formatVersion());
        for (Session session : state.sessions().list()) {
            WireWriter record = new WireWriter().u8(SESSION);
            StoreWords.session(record, session);
            record(to, record);
        }
        for (KeyValue entry : state.keyValues().list("")) {
            WireWriter record = new WireWriter().u8(ENTRY);
            StoreWords.entry(record, entry);
            record(to, record);
        }
        for (Map.Entry<String, Long> block : state.keyValues().blocked().entrySet()) {
            WireWriter record = new WireWriter().u8(BLOCK);
            StoreWords.key(record, block.getKey());
            record(to, record.varint(block.getValue()));
        }
        to.writeInt(0);
        to.writeInt((int) sum.getValue());
        to.flush();
    }

    private static void record(DataOutputStream to, WireWriter record) throws IOException {
        to.writeInt(record.length());
        to.write(record.toBytes());
    }

    /**
     * Reads what {@link #write} wrote; the stream stays open, behind the snapshot.
     *
     * @throws DamagedSnapshot if a byte is wrong or missing, or a newer program wrote it; nothing was restored
     */
    public static StoreState read(InputStream source) throws IOException, DamagedSnapshot {
        CRC32C sum = new CRC32C();
        DataInputStream from = new DataInputStream(new CheckedInputStream(source, sum));
        try {
            if (from.readInt() != MAGIC) {
                throw new DamagedSnapshot("it does not begin as one");
            }
            int format = from.readUnsignedByte();
            if (format > FORMAT) {
                throw new DamagedSnapshot("written in format " + format + " by a newer Culvert (this one knows "
                        + FORMAT + "): upgrade this server");
            }
            StoreState.Builder builder =
                    new StoreState.Builder(from.readLong(), from.readLong(), from.readUnsignedByte());
            records(from, builder);
            int expected = (int) sum.getValue();
            if (from.readInt() != expected) {
                throw new DamagedSnapshot("its checksum is wrong");
            }
            return StoreWords.valid(builder::build, "state");
        } catch (MalformedFrame malformed) {
            throw new DamagedSnapshot(String.valueOf(malformed.getMessage()));
        } catch (EOFException end) {
            throw new DamagedSnapshot("it ends too early");
        }
    }

    private static void records(DataInputStream from, StoreState.Builder builder)
            throws IOException, MalformedFrame, DamagedSnapshot {
        for (int length = from.readInt(); length != 0; length = from.readInt()) {
            if (length < 0 || length > LARGEST_RECORD) {
                throw new DamagedSnapshot("a record of " + Integer.toUnsignedLong(length) + " bytes");
            }
            byte[] bytes = from.readNBytes(length);
            if (bytes.length < length) {
                throw new EOFException();
            }
            record(WireReader.of(bytes), builder);
        }
    }

    private static void record(WireReader from, StoreState.Builder builder) throws MalformedFrame {
        int kind = from.u8("kind");
        switch (kind) {
            case ENTRY -> {
                KeyValue entry = StoreWords.entry(from);
                StoreWords.valid(() -> builder.add(entry), "entry");
            }
            case SESSION -> {
                Session session = StoreWords.session(from);
                StoreWords.valid(() -> builder.add(session), "session");
            }
            case BLOCK -> {
                String key = StoreWords.key(from);
                long until = from.varint(Long.MAX_VALUE, "until");
                StoreWords.valid(() -> builder.block(key, until), "block");
            }
            default -> throw new MalformedFrame(Reason.UNKNOWN_KIND, "record");
        }
        from.end("record");
    }
}
