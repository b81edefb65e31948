package io.culvert.gossip.replication;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.culvert.gossip.wire.MalformedFrame;
import org.jspecify.annotations.Nullable;

class RecordFuzzTest {
    @FuzzTest(maxDuration = "1h")
    void any_bytes_are_a_record_or_a_named_fault(byte[] body) {
        try {
            ContentRecord record = RecordCodec.decode(body);
            byte[] written = written(record);
            assertThat(written == null ? record : RecordCodec.decode(written)).isEqualTo(record);
        } catch (MalformedFrame named) {
            assertThat(named.field()).isNotEmpty();
        }
    }

    private static byte @Nullable [] written(ContentRecord record) {
        if (record instanceof ContentRecord.OfNode node) {
            return RecordCodec.encode(node.node());
        }
        if (record instanceof ContentRecord.OfService service) {
            return RecordCodec.encode(service.service());
        }
        return record instanceof ContentRecord.OfCheck check ? RecordCodec.encode(check.check()) : null;
    }
}
