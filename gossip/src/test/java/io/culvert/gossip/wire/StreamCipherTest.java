package io.culvert.gossip.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.culvert.catalog.NodeId;
import io.culvert.gossip.identity.PoolLabel;
import io.culvert.gossip.keyring.KeySchedules;
import io.culvert.gossip.keyring.Keyring;
import io.culvert.gossip.keyring.PoolKey;
import io.culvert.gossip.wire.StreamEvent.Ended;
import io.culvert.gossip.wire.StreamEvent.Failed;
import io.culvert.gossip.wire.StreamEvent.Message;
import io.culvert.gossip.wire.StreamHandshakeOutcome.Established;
import io.culvert.gossip.wire.StreamHandshakeOutcome.Refused;
import io.culvert.testbed.kit.Property;
import java.io.ByteArrayOutputStream;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class StreamCipherTest {
    private static final PoolLabel LABEL = new PoolLabel("prod");
    private static final NodeId ALICE = new NodeId(1, 1);
    private static final NodeId BOB = new NodeId(2, 2);

    private final PoolKey poolKey = PoolKey.generate(new SecureRandom());
    private final KeySchedules keys = new KeySchedules(LABEL, Keyring.of(poolKey));

    private record Pair(Established alice, Established bob) {}

    @Test
    void both_sides_understand_each_other_whatever_the_pieces() {
        Property.forSeeds(60, random -> {
            Pair pair = connected(keys, keys);
            List<byte[]> messages = new ArrayList<>();
            ByteArrayOutputStream wire = new ByteArrayOutputStream();
            for (int i = random.nextInt(6); i > 0; i--) {
                byte[] message = Property.bytes(random, random.nextInt(random.nextBoolean() ? 50 : 200_000));
                messages.add(message);
                pair.alice().sealer().seal(message).forEach(wire::writeBytes);
            }
            wire.writeBytes(pair.alice().sealer().finish());

            List<StreamEvent> events = inPieces(pair.bob().opener(), wire.toByteArray(), random);

            assertThat(events).hasSize(messages.size() + 1).last().isInstanceOf(Ended.class);
            for (int i = 0; i < messages.size(); i++) {
                assertThat(((Message) events.get(i)).content()).isEqualTo(messages.get(i));
            }
            assertThat(pair.bob().opener().onClosed()).isEmpty();
        });
    }

    @Test
    void each_side_learns_the_name_of_the_other_and_answers() {
        Pair pair = connected(keys, keys);

        assertThat(pair.alice().peer()).isEqualTo(BOB);
        assertThat(pair.bob().peer()).isEqualTo(ALICE);
        byte[] answer = pair.bob().sealer().seal(new byte[] {42}).get(0);
        assertThat(pair.alice().opener().onBytes(answer, 0, answer.length))
                .singleElement()
                .isInstanceOfSatisfying(
                        Message.class, m -> assertThat(m.content()).containsExactly(42));
    }

    @Test
    void a_stream_that_is_cut_never_looks_complete() {
        Pair pair = connected(keys, keys);
        byte[] first = pair.alice().sealer().seal(new byte[100]).get(0);
        assertThat(pair.bob().opener().onBytes(first, 0, first.length)).hasSize(1);

        assertThat(pair.bob().opener().onClosed()).contains(new Failed(StreamFault.TRUNCATED));
        assertThat(pair.bob().opener().onClosed()).isEmpty();
    }

    @Test
    void any_changed_swapped_repeated_or_dropped_chunk_ends_the_stream() {
        Property.forSeeds(200, random -> {
            Pair pair = connected(keys, keys);
            List<byte[]> chunks = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                chunks.addAll(pair.alice().sealer().seal(Property.bytes(random, 40 + i)));
            }
            chunks.add(pair.alice().sealer().finish());
            tamper(chunks, random);
            ByteArrayOutputStream wire = new ByteArrayOutputStream();
            chunks.forEach(wire::writeBytes);

            List<StreamEvent> events = inPieces(pair.bob().opener(), wire.toByteArray(), random);

            assertThat(events).noneMatch(Ended.class::isInstance);
            boolean failed = !events.isEmpty() && events.get(events.size() - 1) instanceof Failed;
            assertThat(failed || pair.bob().opener().onClosed().isPresent()).isTrue();
        });
    }

    @Test
    void a_recording_of_one_stream_opens_in_no_other_and_not_in_the_other_direction() {
        Pair recorded = connected(keys, keys);
        byte[] chunk = recorded.alice().sealer().seal(new byte[10]).get(0);
        Failed refused = new Failed(StreamFault.NOT_AUTHENTIC);

        Pair later = connected(keys, keys);
        assertThat(later.bob().opener().onBytes(chunk, 0, chunk.length)).containsExactly(refused);
        assertThat(recorded.alice().opener().onBytes(chunk, 0, chunk.length)).containsExactly(refused);
    }

    @Test
    void after_the_end_and_after_a_fault_nothing_more_is_taken() {
        Pair pair = connected(keys, keys);
        byte[] end = pair.alice().sealer().finish();
        assertThat(pair.bob().opener().onBytes(end, 0, end.length)).containsExactly(new Ended());
        assertThatThrownBy(() -> pair.alice().sealer().seal(new byte[1])).isInstanceOf(IllegalStateException.class);

        assertThat(pair.bob().opener().onBytes(new byte[19], 0, 19))
                .containsExactly(new Failed(StreamFault.NOT_AUTHENTIC));
        assertThat(pair.bob().opener().onBytes(end, 0, end.length)).isEmpty();
    }

    @Test
    void a_message_without_end_is_cut_off_at_its_bound() {
        Pair pair = connected(keys, keys);
        StreamOpener opener = pair.bob().opener();
        List<StreamEvent> events = new ArrayList<>();
        for (byte[] chunk : pair.alice().sealer().seal(new byte[StreamOpener.MAXIMUM_MESSAGE + 1])) {
            events.addAll(opener.onBytes(chunk, 0, chunk.length));
        }

        assertThat(events).containsExactly(new Failed(StreamFault.MESSAGE_TOO_LARGE));
    }

    @Test
    void the_responder_speaks_the_initiators_key_while_a_rotation_is_under_way() throws Exception {
        PoolKey next = PoolKey.generate(new SecureRandom());
        Keyring installed = Keyring.of(poolKey).install(next);
        KeySchedules ahead = new KeySchedules(LABEL, installed.use(next.id()));

        Pair pair = connected(keys, ahead);

        byte[] chunk = pair.bob().sealer().seal(new byte[3]).get(0);
        assertThat(pair.alice().opener().onBytes(chunk, 0, chunk.length)).hasSize(1);
    }

    @Test
    void strangers_are_refused_by_name() {
        SecureRandom random = new SecureRandom();
        KeySchedules stranger = new KeySchedules(LABEL, Keyring.of(PoolKey.generate(random)));
        byte[] hello = StreamHandshake.initiator(keys, ALICE, random).hello();

        assertThat(StreamHandshake.responder(stranger, BOB, random).accept(hello))
                .isEqualTo(new Refused(StreamFault.UNKNOWN_KEY));
        assertThat(StreamHandshake.responder(keys, ALICE, random).accept(hello))
                .isEqualTo(new Refused(StreamFault.OWN_IDENTITY));
        assertThat(StreamHandshake.responder(keys, BOB, random).accept(Arrays.copyOf(hello, 20)))
                .isEqualTo(new Refused(StreamFault.MALFORMED));
        hello[0] = 9;
        assertThat(StreamHandshake.responder(keys, BOB, random).accept(hello))
                .isEqualTo(new Refused(StreamFault.UNKNOWN_VERSION));
        StreamHandshake silent = StreamHandshake.responder(keys, BOB, random);
        assertThatThrownBy(silent::hello).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void the_same_key_with_another_label_opens_nothing() {
        Pair pair = connected(keys, new KeySchedules(new PoolLabel("test"), Keyring.of(poolKey)));
        byte[] chunk = pair.alice().sealer().seal(new byte[3]).get(0);

        assertThat(pair.bob().opener().onBytes(chunk, 0, chunk.length))
                .containsExactly(new Failed(StreamFault.NOT_AUTHENTIC));
    }

    @Test
    void noise_gives_faults_and_never_throws() {
        Property.forSeeds(300, random -> {
            byte[] noise = Property.bytes(random, random.nextInt(100_000));
            List<StreamEvent> events = inPieces(connected(keys, keys).bob().opener(), noise, random);

            assertThat(events).allMatch(Failed.class::isInstance).hasSizeLessThanOrEqualTo(1);
            StreamHandshake.responder(keys, BOB, random).accept(Property.bytes(random, random.nextInt(60)));
        });
    }

    private static void tamper(List<byte[]> chunks, SplittableRandom random) {
        int which = random.nextInt(chunks.size() - 1);
        switch (random.nextInt(4)) {
            case 0 -> chunks.get(which)[random.nextInt(chunks.get(which).length)] ^= (byte) (1 << random.nextInt(8));
            case 1 -> chunks.add(which, chunks.remove(which + 1));
            case 2 -> chunks.add(which, chunks.get(which));
            default -> chunks.remove(which);
        }
    }

    private static List<StreamEvent> inPieces(StreamOpener opener, byte[] wire, SplittableRandom random) {
        List<StreamEvent> events = new ArrayList<>();
        int at = 0;
        while (at < wire.length) {
            int piece = Math.min(wire.length - at, random.nextInt(1, random.nextBoolean() ? 4 : 70_000));
            events.addAll(opener.onBytes(wire, at, piece));
            at += piece;
        }
        return events;
    }

    private static Pair connected(KeySchedules alices, KeySchedules bobs) {
        SecureRandom random = new SecureRandom();
        StreamHandshake alice = StreamHandshake.initiator(alices, ALICE, random);
        StreamHandshake bob = StreamHandshake.responder(bobs, BOB, random);
        Established atBob = (Established) bob.accept(alice.hello());
        return new Pair((Established) alice.accept(bob.hello()), atBob);
    }
}
