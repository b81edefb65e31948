package io.culvert.gossip.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.culvert.catalog.IpAddress;
import io.culvert.catalog.NodeId;
import io.culvert.gossip.identity.PublicKeyBytes;
import io.culvert.testbed.kit.Property;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class PacketCodecTest {
    private static final NodeId ONE = new NodeId(1, 2);
    private static final NodeId OTHER = new NodeId(-3, -4);
    private static final Incarnation INCARNATION = new Incarnation(Incarnation.MAX_EPOCH, -1);

    /** Every frame of membership, with its length on the wire as the reference has it. */
    private record Row(Frame frame, int length) {}

    private static Alive alive(String address) {
        return new Alive(
                ONE,
                INCARNATION,
                new PeerAddress(IpAddress.parse(address), 8301),
                8443,
                Alive.FLAG_SERVER,
                PublicKeyBytes.of(new byte[32]),
                new byte[64]);
    }

    static Stream<Row> frames() {
        Coordinate coordinate = new Coordinate(new float[] {1, -1, 0, 0.5f, 0, 0, 0, 0.001f}, 0.002f, -0.001f, 0.3f);
        return Stream.of(
                new Row(alive("10.0.0.7"), 151),
                new Row(alive("fd00::7"), 151),
                new Row(new Left(ONE, INCARNATION, new byte[64]), 97),
                new Row(new Frame.Suspect(ONE, INCARNATION, OTHER), 49),
                new Row(new Frame.Dead(ONE, INCARNATION, OTHER), 49),
                new Row(new Frame.Forget(ONE, INCARNATION, OTHER), 49),
                new Row(new Frame.Ping(-1, ONE, 7, 8, 9), 51),
                new Row(new Frame.Ack(-1, OTHER, 7, 8, 9, coordinate), 95),
                new Row(new Frame.PingRequest(5, OTHER, 65_535), 29),
                new Row(new Frame.Nack(5), 11),
                new Row(new SyncFrame.Request(1, -2), 19),
                new Row(new SyncFrame.Done(), 3),
                new Row(new SyncFrame.Busy(), 3),
                new Row(new SyncFrame.MemberWant(List.of(ONE, OTHER)), 35),
                new Row(new SyncFrame.CoordinateWant(List.of(ONE, OTHER)), 35),
                new Row(
                        new SyncFrame.Coordinates(List.of(
                                new SyncFrame.CoordinateEntry(OTHER, 65_535, coordinate),
                                new SyncFrame.CoordinateEntry(ONE, 0, Coordinate.ORIGIN))),
                        127),
                new Row(new SyncFrame.MemberDigest(List.of(new SyncFrame.MemberEntry(ONE, INCARNATION, 3))), 34));
    }

    @ParameterizedTest
    @MethodSource("frames")
    void a_frame_reads_back_as_it_was_written(Row row) throws MalformedFrame {
        byte[] packet = PacketCodec.encode(List.of(row.frame, new Frame.Nack(1)));
        assertThat(row.frame.length()).isEqualTo(row.length);
        assertThat(packet).hasSize(row.length + 11);
        assertThat(PacketCodec.decode(packet)).containsExactly(row.frame, new Frame.Nack(1));
    }

    @ParameterizedTest
    @MethodSource("frames")
    void a_frame_that_is_cut_anywhere_is_refused(Row row) {
        byte[] packet = PacketCodec.encode(List.of(row.frame));
        for (int length = 1; length < packet.length; length++) {
            byte[] cut = java.util.Arrays.copyOf(packet, length);
            assertThatThrownBy(() -> PacketCodec.decode(cut)).isInstanceOf(MalformedFrame.class);
        }
    }

    @Test
    void any_bytes_are_frames_or_a_named_fault() {
        List<Row> rows = frames().toList();
        Property.forSeeds(2_000, random -> {
            byte[] packet = random.nextBoolean()
                    ? Property.bytes(random, random.nextInt(300))
                    : damaged(PacketCodec.encode(List.of(rows.get(random.nextInt(rows.size())).frame)), random);
            try {
                List<Frame> frames = PacketCodec.decode(packet);
                assertThat(PacketCodec.decode(PacketCodec.encode(frames))).hasSameSizeAs(frames);
            } catch (MalformedFrame refused) {
                assertThat(refused.field()).isNotEmpty();
            }
        });
    }

    private static byte[] damaged(byte[] packet, SplittableRandom random) {
        for (int flips = 1 + random.nextInt(4); flips > 0; flips--) {
            packet[random.nextInt(packet.length)] ^= (byte) (1 << random.nextInt(8));
        }
        return packet;
    }

    @Test
    void frames_of_unknown_types_are_passed_over() throws MalformedFrame {
        byte[] unknown = {(byte) 200, 0, 2, 1, 1};
        byte[] known = PacketCodec.encode(List.of(new Frame.Nack(4)));
        byte[] packet = java.util.Arrays.copyOf(unknown, unknown.length + known.length);
        System.arraycopy(known, 0, packet, unknown.length, known.length);
        assertThat(PacketCodec.decode(packet)).containsExactly(new Frame.Nack(4));
    }

    @Test
    void a_length_that_nobody_can_keep_is_refused_before_anything_is_allocated() {
        byte[] packet = {23, (byte) 0xff, (byte) 0xff, 0x7f, (byte) 0xff, (byte) 0xff, (byte) 0xff};
        assertThatThrownBy(() -> PacketCodec.decode(packet)).isInstanceOf(MalformedFrame.class);
    }

    @Test
    void a_coordinate_that_is_no_number_is_refused() {
        byte[] packet = PacketCodec.encode(List.of(new Frame.Ack(1, ONE, 0, 0, 0, Coordinate.ORIGIN)));
        packet[packet.length - 1] = 0;
        packet[packet.length - 4] = 0x7f;
        packet[packet.length - 3] = (byte) 0xc0;
        assertThatThrownBy(() -> PacketCodec.decode(packet)).isInstanceOf(MalformedFrame.class);
    }
}
