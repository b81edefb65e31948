package io.culvert.gossip.replication;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.culvert.catalog.CheckState;
import io.culvert.catalog.CheckStatus;
import io.culvert.catalog.NodeId;
import io.culvert.catalog.NodeRecord;
import io.culvert.catalog.ServiceInstance;
import io.culvert.gossip.wire.MalformedFrame;
import io.culvert.gossip.wire.WireWriter;
import io.culvert.testbed.kit.Property;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class RecordCodecTest {
    private static final NodeId ID = new NodeId(1, 2);

    @Test
    void every_record_is_read_back() {
        Property.forSeeds(300, random -> {
            ServiceInstance service = Contents.randomService(random, "id-" + random.nextInt());
            CheckState check = Contents.check("c", service.id(), Contents.randomStatus(random));
            NodeRecord node = Contents.node(ID);

            assertThat(decoded(RecordCodec.encode(service))).isEqualTo(new ContentRecord.OfService(service));
            assertThat(decoded(RecordCodec.encode(check))).isEqualTo(new ContentRecord.OfCheck(check));
            assertThat(decoded(RecordCodec.encode(node))).isEqualTo(new ContentRecord.OfNode(node));
        });
    }

    @Test
    void the_same_record_is_the_same_bytes_whatever_the_order_of_its_maps() {
        Map<String, String> forward = new HashMap<>();
        for (int i = 0; i < 40; i++) {
            forward.put("key" + i, "value" + i);
        }
        NodeRecord node = Contents.node(ID);

        byte[] first = RecordCodec.encode(withMeta(node, forward));

        for (int i = 0; i < 5; i++) {
            assertThat(RecordCodec.encode(withMeta(node, new HashMap<>(forward))))
                    .isEqualTo(first);
        }
        byte[] keys = new WireWriter().text("key0").text("value0").text("key1").toBytes();
        assertThat(new String(first, StandardCharsets.ISO_8859_1))
                .contains(new String(keys, StandardCharsets.ISO_8859_1));
    }

    @Test
    void fields_of_a_later_agent_are_ignored_and_its_kinds_and_schemas_handed_on() throws Exception {
        byte[] check = RecordCodec.encode(Contents.check("c", "s", CheckStatus.WARNING));
        byte[] longer = Arrays.copyOf(check, check.length + 20);
        byte[] nextSchema = check.clone();
        nextSchema[1] = 2;

        assertThat(RecordCodec.decode(longer)).isEqualTo(RecordCodec.decode(check));
        assertThat(RecordCodec.decode(nextSchema)).isEqualTo(new ContentRecord.Unknown(RecordCodec.CHECK));
        assertThat(RecordCodec.decode(new byte[] {99, 1, 5})).isEqualTo(new ContentRecord.Unknown(99));
    }

    @ParameterizedTest
    @EnumSource(CheckStatus.class)
    void a_status_is_one_byte_at_a_fixed_place(CheckStatus status) {
        byte[] check = RecordCodec.encode(Contents.check("c", "s", CheckStatus.PASSING));

        byte[] flipped = RecordCodec.withStatus(check, status);

        assertThat(flipped).isEqualTo(RecordCodec.encode(Contents.check("c", "s", status)));
        assertThat(RecordCodec.isCritical(flipped)).isEqualTo(status == CheckStatus.CRITICAL);
        assertThat(RecordCodec.isCheck(RecordCodec.encode(Contents.node(ID)))).isFalse();
    }

    @Test
    void values_the_catalogue_refuses_are_malformed() {
        byte[] service = RecordCodec.encode(ServiceInstance.of("x", "y", 1));
        // Two bytes of kind and schema, then the id: its length becomes 0 and its letter the length of the name.
        byte[] withoutId = service.clone();
        withoutId[2] = 0;
        withoutId[3] = 1;

        assertThatThrownBy(() -> RecordCodec.decode(withoutId)).isInstanceOf(MalformedFrame.class);
        assertThatThrownBy(() -> RecordCodec.decode(new byte[ContentLimits.RECORD_BYTES + 1]))
                .isInstanceOf(MalformedFrame.class)
                .hasMessageContaining("TOO_LARGE");
    }

    @Test
    void damaged_and_random_bytes_give_a_record_or_a_named_fault() {
        Property.forSeeds(3_000, random -> {
            byte[] body = damaged(random);
            try {
                assertThat(RecordCodec.decode(body)).isNotNull();
            } catch (MalformedFrame named) {
                assertThat(named.field()).isNotEmpty();
            }
        });
    }

    private static byte[] damaged(SplittableRandom random) {
        byte[] body = switch (random.nextInt(4)) {
            case 0 -> RecordCodec.encode(Contents.randomService(random, "id"));
            case 1 -> RecordCodec.encode(Contents.node(ID));
            case 2 -> RecordCodec.encode(Contents.check("c", "s", CheckStatus.WARNING));
            default -> Property.bytes(random, 1 + random.nextInt(300));
        };
        for (int i = random.nextInt(4); i > 0; i--) {
            body[random.nextInt(body.length)] = (byte) random.nextInt(256);
        }
        return random.nextBoolean() ? body : Arrays.copyOf(body, random.nextInt(body.length + 1));
    }

    private static NodeRecord withMeta(NodeRecord node, Map<String, String> meta) {
        return new NodeRecord(
                node.id(),
                node.name(),
                node.address(),
                node.datacenter(),
                meta,
                node.tunnelPort(),
                node.server(),
                node.version());
    }

    private static ContentRecord decoded(byte[] body) {
        try {
            return RecordCodec.decode(body);
        } catch (MalformedFrame unexpected) {
            throw new AssertionError(unexpected);
        }
    }
}
