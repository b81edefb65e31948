package io.culvert.health.probe;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.util.OptionalLong;

/** What a server of any kind may answer to a gRPC health check. */
class GrpcHealthMessageFuzzTest {
    @FuzzTest(maxDuration = "30s")
    void anAnswerIsReadOrRefused(byte[] bytes) {
        OptionalLong status = GrpcHealthMessage.parseStatus(bytes);
        if (bytes.length < 5 || bytes[0] != 0) {
            assertThat(status).isEmpty();
        }
        if (bytes.length == 5 && status.isPresent()) {
            assertThat(status).hasValue(0);
        }
    }
}
