package io.culvert.gossip.replication;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.culvert.catalog.CheckStatus;
import io.culvert.catalog.NodeId;
import io.culvert.gossip.identity.NodeKey;
import io.culvert.gossip.identity.PoolLabel;
import io.culvert.gossip.identity.PublicKeyBytes;
import io.culvert.gossip.identity.SignatureDomain;
import io.culvert.gossip.wire.Frame;
import io.culvert.gossip.wire.FrameType;
import io.culvert.gossip.wire.MalformedFrame;
import io.culvert.gossip.wire.WireWriter;
import io.culvert.testbed.kit.Property;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** HEAD, DELTA, PULL and REPAIR as bytes. */
class FrameCodecTest {
    private static final NodeId OWNER = new NodeId(7, 8);
    private static final FrameType[] TYPES = {FrameType.HEAD, FrameType.DELTA, FrameType.PULL, FrameType.REPAIR};

    @Test
    void every_frame_is_read_back() {
        Property.forSeeds(300, random -> {
            for (ReplicationFrame frame : frames(random)) {
                ReplicationFrame back = read(frame.frame());
                assertThat(back.frame().body()).isEqualTo(frame.frame().body());
                assertThat(back.getClass()).isEqualTo(frame.getClass());
                assertThat(back.type()).isEqualTo(frame.type());
            }
        });
    }

    @Test
    void the_head_has_the_fields_and_sizes_of_the_format() {
        Head head = new Head(OWNER, 5, 6, 7, 8, new SetHash(9, 10), filled(64, 11));

        byte[] expected = new WireWriter()
                .bytes(OWNER.bytes())
                .u48(5)
                .u8(6)
                .u32(7)
                .u16(8)
                .u64(9)
                .u64(10)
                .bytes(filled(64, 11))
                .toBytes();
        assertThat(head.frame().body()).isEqualTo(expected).hasSize(109);
        assertThat(head.signedBytes()).isEqualTo(Arrays.copyOf(expected, 45));
    }

    @Test
    void a_health_flip_is_at_most_140_bytes_on_the_wire() {
        Head head = new Head(OWNER, 1_800_000_000L, 1_000_000, 500_000, 21, new SetHash(1, 2), new byte[64]);
        Delta flip = new Delta(head, 999_998, List.of(new Delta.StatusFlip(4_711, 1_000_000, CheckStatus.CRITICAL)));

        assertThat(flip.frame().length()).isLessThanOrEqualTo(140);
        // The flip itself: slot 2, operation 1, offset 1, status 1.
        assertThat(flip.frame().bodyLength()).isEqualTo(head.frame().bodyLength() + 2 + 5);
    }

    @Test
    void a_head_counts_only_with_the_signature_of_its_owner() {
        NodeKey key = NodeKey.generate(new SecureRandom());
        PoolLabel label = new PoolLabel("prod");
        Head unsigned = new Head(key.id(), 1, 1, 1, 0, RecordSet.EMPTY.hash(), new byte[64]);
        Head head = unsigned.withSignature(key.sign(SignatureDomain.HEAD, label, unsigned.signedBytes()));

        assertThat(head.isSignedBy(key.publicKey(), label)).isTrue();
        assertThat(unsigned.isSignedBy(key.publicKey(), label)).isFalse();
        assertThat(head.isSignedBy(key.publicKey(), new PoolLabel("test"))).isFalse();
        NodeKey other = NodeKey.generate(new SecureRandom());
        Head stolen = unsigned.withSignature(other.sign(SignatureDomain.HEAD, label, unsigned.signedBytes()));
        assertThat(stolen.isSignedBy(other.publicKey(), label)).isFalse();
    }

    @Test
    void slots_out_of_order_or_twice_are_refused() {
        Head head = new Head(OWNER, 1, 5, 1, 2, new SetHash(1, 2), new byte[64]);
        Delta twice = new Delta(head, 4, List.of(new Delta.Delete(3, 5), new Delta.Delete(3, 5)));
        Repair backwards = new Repair(head, PublicKeyBytes.of(new byte[32]), List.of(4, 3), List.of());

        assertThatThrownBy(() -> ReplicationFrame.read(twice.frame()))
                .isInstanceOf(MalformedFrame.class)
                .hasMessageContaining("order of slots");
        assertThatThrownBy(() -> ReplicationFrame.read(backwards.frame()))
                .isInstanceOf(MalformedFrame.class)
                .hasMessageContaining("order of slots");
    }

    @Test
    void damaged_and_random_bodies_give_a_frame_or_a_named_fault() {
        Property.forSeeds(2_000, random -> {
            for (ReplicationFrame frame : frames(random)) {
                Frame.Content content = new Frame.Content(
                        TYPES[random.nextInt(TYPES.length)],
                        damaged(frame.frame().body(), random));
                try {
                    // What is accepted is accepted exactly: it is written back as the same bytes.
                    assertThat(ReplicationFrame.read(content).frame().body()).isEqualTo(content.body());
                } catch (MalformedFrame named) {
                    assertThat(named.field()).isNotEmpty();
                }
            }
        });
    }

    private static byte[] damaged(byte[] body, SplittableRandom random) {
        if (random.nextInt(4) == 0) {
            return Property.bytes(random, random.nextInt(300));
        }
        byte[] changed = Arrays.copyOf(body, random.nextInt(3) == 0 ? random.nextInt(body.length + 1) : body.length);
        for (int i = random.nextInt(3); i > 0 && changed.length > 0; i--) {
            changed[random.nextInt(changed.length)] ^= (byte) (1 << random.nextInt(8));
        }
        return changed;
    }

    private static List<ReplicationFrame> frames(SplittableRandom random) {
        long version = 300 + random.nextLong(1_000);
        int count = random.nextInt(20);
        Head head = new Head(
                new NodeId(random.nextLong(), random.nextLong()),
                random.nextLong(1L << 48),
                version,
                random.nextLong(1L << 32),
                count,
                new SetHash(random.nextLong(), random.nextLong()),
                Property.bytes(random, 64));
        List<Delta.Change> changes = new ArrayList<>();
        List<Integer> slots = new ArrayList<>();
        List<Repair.Entry> entries = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            int slot = 100 * i + random.nextInt(100);
            slots.add(slot);
            long changed = version - random.nextInt(256);
            changes.add(
                    switch (random.nextInt(3)) {
                        case 0 -> new Delta.Put(slot, changed, Property.bytes(random, random.nextInt(200)));
                        case 1 -> new Delta.StatusFlip(slot, changed, Contents.randomStatus(random));
                        default -> new Delta.Delete(slot, changed);
                    });
            if (random.nextBoolean()) {
                entries.add(new Repair.Entry(slot, changed, Property.bytes(random, random.nextInt(200))));
            }
        }
        return List.of(
                head,
                new Delta(head, random.nextLong(version), changes),
                new Pull(head.owner(), head.epoch(), random.nextLong(1L << 35), random.nextBoolean()),
                new Repair(head, PublicKeyBytes.of(Property.bytes(random, 32)), slots, entries));
    }

    private static ReplicationFrame read(Frame.Content frame) {
        try {
            return ReplicationFrame.read(frame);
        } catch (MalformedFrame unexpected) {
            throw new AssertionError(unexpected);
        }
    }

    private static byte[] filled(int length, int value) {
        byte[] bytes = new byte[length];
        Arrays.fill(bytes, (byte) value);
        return bytes;
    }
}
