package io.culvert.gossip.identity;

import static org.assertj.core.api.Assertions.assertThat;

import io.culvert.catalog.NodeId;
import io.culvert.testbed.kit.Property;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import org.junit.jupiter.api.Test;

class IdTableTest {
    private record Thing(NodeId id, int number) implements IdTable.Owned {}

    @Test
    void it_holds_what_a_map_would_hold_whatever_comes_and_goes() {
        Property.forSeeds(200, random -> {
            IdTable<Thing> table = new IdTable<>(random.nextLong());
            Map<NodeId, Thing> expected = new HashMap<>();
            int ids = 1 + random.nextInt(200);
            for (int i = random.nextInt(1_000); i > 0; i--) {
                NodeId id = new NodeId(random.nextInt(2), random.nextInt(ids));
                if (random.nextInt(3) == 0) {
                    assertThat(table.remove(id)).isEqualTo(expected.remove(id));
                } else {
                    Thing thing = new Thing(id, i);
                    table.put(thing);
                    expected.put(id, thing);
                }
            }
            assertThat(table.size()).isEqualTo(expected.size());
            assertThat(new HashSet<>(table.values())).isEqualTo(new HashSet<>(expected.values()));
            for (int low = 0; low < ids; low++) {
                NodeId id = new NodeId(0, low);
                assertThat(table.find(id)).isEqualTo(expected.get(id));
            }
        });
    }

    @Test
    void ids_that_share_their_lower_or_their_upper_half_do_not_meet() {
        for (int shift : new int[] {0, 16, 32, 48}) {
            IdTable<Thing> table = new IdTable<>(7);
            for (long i = 0; i < 4_096; i++) {
                table.put(new Thing(new NodeId(i << shift, 0), 0));
                table.put(new Thing(new NodeId(1, i + 1 << shift), 0));
            }
            assertThat(table.size()).isEqualTo(8_192);
            assertThat(table.find(new NodeId(17L << shift, 0))).isNotNull();
            assertThat(table.find(new NodeId(2, 0))).isEqualTo(shift == 0 ? new Thing(new NodeId(2, 0), 0) : null);
        }
    }
}
