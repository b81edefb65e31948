package io.culvert.gossip.storage;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.culvert.gossip.wire.Frame;
import io.culvert.gossip.wire.MalformedFrame;
import io.culvert.gossip.wire.WireWriter;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.zip.CRC32C;

class SnapshotFileFuzzTest {
    private static final byte[] MAGIC = "CULVERT-GOSSIP-1\n".getBytes(StandardCharsets.US_ASCII);

    @FuzzTest(maxDuration = "1h")
    void any_file_is_a_snapshot_or_a_named_fault(byte[] content) {
        check(content);
        check(withChecksum(content));
    }

    private static void check(byte[] content) {
        try {
            List<Frame> frames = SnapshotFile.decode(content);
            byte[] written = SnapshotFile.encode(frames);
            assertThat(written.length).isLessThanOrEqualTo(content.length);
            assertThat(SnapshotFile.encode(SnapshotFile.decode(written))).isEqualTo(written);
        } catch (MalformedFrame named) {
            assertThat(named.field()).isNotEmpty();
        }
    }

    /** Behind the checksum lies the part of the reader that random bytes never reach. */
    private static byte[] withChecksum(byte[] content) {
        WireWriter file = new WireWriter().bytes(MAGIC).bytes(content);
        byte[] covered = file.toBytes();
        CRC32C checksum = new CRC32C();
        checksum.update(covered, 0, covered.length);
        return file.u32(checksum.getValue()).toBytes();
    }
}
