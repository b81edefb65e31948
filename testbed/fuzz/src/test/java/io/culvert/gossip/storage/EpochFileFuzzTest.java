package io.culvert.gossip.storage;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.culvert.gossip.wire.Incarnation;
import java.util.OptionalLong;

class EpochFileFuzzTest {
    @FuzzTest(maxDuration = "1h")
    void any_file_is_an_epoch_or_none(byte[] content) {
        OptionalLong epoch = EpochFile.decode(content);
        if (epoch.isPresent()) {
            assertThat(epoch.getAsLong()).isBetween(0L, Incarnation.MAX_EPOCH);
            assertThat(EpochFile.decode(EpochFile.encode(epoch.getAsLong()))).isEqualTo(epoch);
        }
    }
}
