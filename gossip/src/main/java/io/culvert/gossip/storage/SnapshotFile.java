package io.culvert.gossip.storage;

import io.culvert.gossip.files.DurableFile;
import io.culvert.gossip.wire.Frame;
import io.culvert.gossip.wire.MalformedFrame;
import io.culvert.gossip.wire.PacketCodec;
import io.culvert.gossip.wire.WireReader;
import io.culvert.gossip.wire.WireWriter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.zip.CRC32C;

/**
 * Whom this member knew and what they published, as the frames in which it would tell others: {@code "CULVERT-GOSSIP-1\n"},
 * frames, CRC-32C over both. The words in it are signed and are checked again when they are read.
 */
public final class SnapshotFile {
    private static final byte[] MAGIC = "CULVERT-GOSSIP-1\n".getBytes(StandardCharsets.US_ASCII);
    private static final int CHECKSUM_BYTES = 4;
    // 50,000 members with ten services each are about 80 MB.
    private static final int LONGEST = 256 << 20;

    private final Path file;

    public SnapshotFile(Path file) {
        this.file = file;
    }

    public void store(List<? extends Frame> frames) throws IOException {
        DurableFile.replace(file, encode(frames));
    }

    /** Empty when there is none, or none that can be read. */
    public List<Frame> load() throws IOException {
        if (!Files.exists(file)) {
            return List.of();
        }
        try {
            return decode(DurableFile.read(file, LONGEST));
        } catch (MalformedFrame damaged) {
            DamagedFiles.setAside(file, damaged.toString(), "this host has to be told of the pool again");
            return List.of();
        }
    }

    static byte[] encode(List<? extends Frame> frames) {
        WireWriter out = new WireWriter(1_024).bytes(MAGIC).bytes(PacketCodec.encode(frames));
        byte[] content = out.toBytes();
        return out.u32(checksum(content, content.length)).toBytes();
    }

    /** Reads any bytes. */
    static List<Frame> decode(byte[] bytes) throws MalformedFrame {
        int end = bytes.length - CHECKSUM_BYTES;
        if (end < MAGIC.length || !Arrays.equals(bytes, 0, MAGIC.length, MAGIC, 0, MAGIC.length)) {
            throw new MalformedFrame(MalformedFrame.Reason.UNKNOWN_KIND, "snapshot header");
        }
        if (WireReader.of(bytes, end, CHECKSUM_BYTES).u32("checksum") != checksum(bytes, end)) {
            throw new MalformedFrame(MalformedFrame.Reason.INVALID, "snapshot checksum");
        }
        return PacketCodec.decode(Arrays.copyOfRange(bytes, MAGIC.length, end));
    }

    private static long checksum(byte[] bytes, int length) {
        CRC32C crc = new CRC32C();
        crc.update(bytes, 0, length);
        return crc.getValue();
    }
}
