package io.culvert.store.codec;

import static org.assertj.core.api.Assertions.assertThat;

import io.culvert.store.state.Commands;
import io.culvert.store.state.StoreModel;
import io.culvert.store.state.StoreState;
import io.culvert.testbed.kit.Property;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import org.junit.jupiter.api.Test;

/** Random commands against the plain model; now and then the state goes through a snapshot and on from there. */
final class StoreModelTest {
    @Test
    void random_commands_come_to_what_the_plain_model_says() {
        Property.forLists(400, 120, Commands::draw, steps -> {
            StoreModel model = new StoreModel();
            StoreState state = StoreState.EMPTY;
            for (Commands.Stamped step : steps) {
                StoreState.Applied applied = state.apply(step.command(), step.stamp());
                model.check(step, applied);
                state = applied.next();
            }
        });
    }

    @Test
    void a_state_that_went_through_a_snapshot_goes_on_as_if_it_had_not() {
        Property.forLists(200, 120, Commands::draw, steps -> {
            StoreState straight = StoreState.EMPTY;
            StoreState restored = StoreState.EMPTY;
            for (int i = 0; i < steps.size(); i++) {
                Commands.Stamped step = steps.get(i);
                straight = straight.apply(step.command(), step.stamp()).next();
                restored = restored.apply(step.command(), step.stamp()).next();
                if (i % 7 == 3) {
                    restored = throughSnapshot(restored);
                }
                assertThat(restored).isEqualTo(straight);
            }
            assertThat(bytes(restored)).isEqualTo(bytes(straight));
        });
    }

    @Test
    void commands_are_read_as_they_were_written() {
        Property.forLists(200, 40, Commands::draw, steps -> {
            for (Commands.Stamped step : steps) {
                byte[] bytes = CommandCodec.encode(step.command());
                try {
                    assertThat(CommandCodec.decode(bytes)).isEqualTo(step.command());
                } catch (io.culvert.gossip.wire.MalformedFrame malformed) {
                    throw new AssertionError(malformed);
                }
            }
        });
    }

    static StoreState throughSnapshot(StoreState state) {
        try {
            return SnapshotCodec.read(new ByteArrayInputStream(bytes(state)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (SnapshotCodec.DamagedSnapshot e) {
            throw new AssertionError(e);
        }
    }

    static byte[] bytes(StoreState state) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try {
            SnapshotCodec.write(state, out);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toByteArray();
    }
}
