package io.culvert.store.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.culvert.store.state.Commands;
import io.culvert.store.state.StoreState;
import io.culvert.testbed.kit.Property;
import java.io.ByteArrayInputStream;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

final class SnapshotCodecTest {
    private static StoreState some(SplittableRandom random) {
        StoreState state = StoreState.EMPTY;
        for (int i = 0; i < 40; i++) {
            Commands.Stamped step = Commands.draw(random);
            state = state.apply(step.command(), step.stamp()).next();
        }
        return state;
    }

    @Test
    void every_flipped_bit_is_found() {
        Property.forSeeds(100, random -> {
            byte[] bytes = StoreModelTest.bytes(some(random));
            int bit = random.nextInt(bytes.length * 8);
            bytes[bit / 8] ^= (byte) (1 << bit % 8);
            assertThatThrownBy(() -> SnapshotCodec.read(new ByteArrayInputStream(bytes)))
                    .isInstanceOf(SnapshotCodec.DamagedSnapshot.class)
                    .hasMessageStartingWith("snapshot of the store: ");
        });
    }

    @Test
    void every_snapshot_that_was_cut_is_found() {
        Property.forSeeds(100, random -> {
            byte[] bytes = StoreModelTest.bytes(some(random));
            byte[] cut = Arrays.copyOf(bytes, random.nextInt(bytes.length));
            assertThatThrownBy(() -> SnapshotCodec.read(new ByteArrayInputStream(cut)))
                    .isInstanceOf(SnapshotCodec.DamagedSnapshot.class);
        });
    }

    @Test
    void what_follows_a_snapshot_is_left_for_others() throws Exception {
        byte[] bytes = StoreModelTest.bytes(StoreState.EMPTY);
        ByteArrayInputStream in = new ByteArrayInputStream(Arrays.copyOf(bytes, bytes.length + 3));
        assertThat(SnapshotCodec.read(in)).isEqualTo(StoreState.EMPTY);
        assertThat(in.available()).isEqualTo(3);
    }
}
