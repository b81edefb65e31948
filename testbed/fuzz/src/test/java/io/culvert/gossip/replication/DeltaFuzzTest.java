package io.culvert.gossip.replication;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.culvert.gossip.wire.FrameType;

class DeltaFuzzTest {
    @FuzzTest(maxDuration = "1h")
    void any_bytes_are_a_frame_or_a_named_fault(byte[] body) {
        FrameFuzz.check(FrameType.DELTA, body);
    }
}
