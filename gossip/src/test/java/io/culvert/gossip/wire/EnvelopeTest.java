package io.culvert.gossip.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.culvert.catalog.NodeId;
import io.culvert.gossip.identity.PoolLabel;
import io.culvert.gossip.keyring.KeySchedules;
import io.culvert.gossip.keyring.Keyring;
import io.culvert.gossip.keyring.PoolKey;
import io.culvert.gossip.wire.EnvelopeOutcome.Opened;
import io.culvert.gossip.wire.EnvelopeOutcome.Rejected;
import io.culvert.testbed.kit.Property;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class EnvelopeTest {
    private static final PoolLabel LABEL = new PoolLabel("prod");
    private static final NodeId ALICE = new NodeId(1, 1);
    private static final NodeId BOB = new NodeId(2, 2);
    private static final byte[] PING = "ping".getBytes(StandardCharsets.US_ASCII);

    private final PoolKey poolKey = PoolKey.generate(new SecureRandom());
    private final KeySchedules keys = new KeySchedules(LABEL, Keyring.of(poolKey));
    private final EnvelopeSealer alice = new EnvelopeSealer(keys, ALICE, 77);
    private final EnvelopeOpener bob = opener(keys, EnvelopeBounds.DEFAULT);

    @Test
    void a_sealed_payload_is_opened_with_its_sender_and_costs_54_bytes() {
        byte[] packet = alice.seal(BOB, PING, Cookies.NONE);

        Opened opened = opened(bob, packet);

        assertThat(opened.sender()).isEqualTo(ALICE);
        assertThat(opened.session()).isEqualTo(77);
        assertThat(opened.trust()).isEqualTo(Trust.UNPROVEN);
        assertThat(opened.payload()).isEqualTo(PING);
        assertThat(packet).hasSize(PING.length + 54);
    }

    @Test
    void the_layout_is_that_of_the_format() {
        byte[] packet = alice.seal(BOB, PING, Cookies.NONE);

        byte[] expected = new WireWriter()
                .u8(1)
                .u8(0)
                .u32(poolKey.id())
                .bytes(ALICE.bytes())
                .u64(77)
                .u64(1)
                .toBytes();
        assertThat(Arrays.copyOf(packet, 38)).isEqualTo(expected);
    }

    @Test
    void a_packet_is_read_from_the_middle_of_a_larger_buffer() {
        byte[] packet = alice.seal(BOB, PING, Cookies.NONE);
        byte[] buffer = new byte[packet.length + 20];
        System.arraycopy(packet, 0, buffer, 7, packet.length);

        assertThat(bob.open(buffer, 7, packet.length)).isInstanceOf(Opened.class);
    }

    @Test
    void every_single_bit_that_is_changed_is_noticed() {
        byte[] packet = alice.seal(BOB, PING, Cookies.NONE);
        for (int bit = 0; bit < 8 * packet.length; bit++) {
            byte[] changed = packet.clone();
            changed[bit / 8] ^= (byte) (1 << bit % 8);

            assertThat(bob.open(changed, 0, changed.length)).as("bit %d", bit).isInstanceOf(Rejected.class);
        }
        assertThat(bob.sessions()).isZero();
        assertThat(bob.open(packet, 0, packet.length)).isInstanceOf(Opened.class);
    }

    @Test
    void each_reason_is_named_and_counted() {
        byte[] packet = alice.seal(BOB, PING, Cookies.NONE);
        KeySchedules stranger = new KeySchedules(LABEL, Keyring.of(PoolKey.generate(new SecureRandom())));
        KeySchedules otherPool = new KeySchedules(new PoolLabel("test"), Keyring.of(poolKey));

        rejected(Rejection.TOO_SHORT, Arrays.copyOf(packet, 53));
        rejected(Rejection.TOO_LONG, Arrays.copyOf(packet, Envelope.MAXIMUM_PACKET + 1));
        rejected(Rejection.UNKNOWN_VERSION, changed(packet, 0, 2));
        rejected(Rejection.UNKNOWN_FLAGS, changed(packet, 1, 4));
        rejected(Rejection.UNKNOWN_KEY, new EnvelopeSealer(stranger, ALICE, 1).seal(BOB, PING, Cookies.NONE));
        rejected(Rejection.NOT_AUTHENTIC, new EnvelopeSealer(otherPool, ALICE, 1).seal(BOB, PING, Cookies.NONE));
        rejected(Rejection.OWN_PACKET, new EnvelopeSealer(keys, BOB, 5).seal(BOB, PING, Cookies.NONE));
        rejected(Rejection.OWN_IDENTITY, new EnvelopeSealer(keys, BOB, 6).seal(BOB, PING, Cookies.NONE));
        assertThat(bob.open(packet, 0, packet.length)).isInstanceOf(Opened.class);
        rejected(Rejection.REPLAYED, packet);
        for (int i = 0; i < ReplayWindow.SIZE; i++) {
            byte[] next = alice.seal(BOB, PING, Cookies.NONE);
            assertThat(bob.open(next, 0, next.length)).isInstanceOf(Opened.class);
        }
        rejected(Rejection.TOO_OLD, packet);
        for (Rejection reason : Rejection.values()) {
            assertThat(bob.rejected(reason)).as(reason.name()).isEqualTo(1);
        }
    }

    @Test
    void a_flag_for_a_cookie_that_is_not_there_is_refused() {
        // An insider can set the flags as he likes: the payload is then shorter than its cookies.
        byte[] header = new WireWriter()
                .u8(1)
                .u8(3)
                .u32(poolKey.id())
                .bytes(ALICE.bytes())
                .u64(77)
                .u64(1)
                .toBytes();
        byte[] packet = Arrays.copyOf(header, header.length + 4 + Envelope.TAG_BYTES);
        byte[][] associated = {header, LABEL.bytes(), BOB.bytes()};
        new AeadCipher().seal(keys.primary().packetKey(ALICE, 77), 1, associated, PING, packet, header.length);

        rejected(Rejection.TOO_SHORT, packet);
    }

    @Test
    void each_packet_is_opened_exactly_once_in_any_order_within_the_window() {
        Property.forSeeds(30, random -> {
            EnvelopeOpener opener = opener(keys, EnvelopeBounds.DEFAULT);
            EnvelopeSealer sealer = new EnvelopeSealer(keys, ALICE, random.nextLong());
            List<byte[]> packets = new ArrayList<>();
            for (int i = 0; i < 300; i++) {
                packets.add(sealer.seal(BOB, PING, Cookies.NONE));
            }
            Set<Integer> seen = new HashSet<>();
            for (int i = 0; i < 600; i++) {
                int which = random.nextInt(packets.size());
                byte[] packet = packets.get(which);
                boolean opened = opener.open(packet, 0, packet.length) instanceof Opened;
                assertThat(opened).isEqualTo(seen.add(which));
            }
        });
    }

    @Test
    void a_packet_opens_at_the_host_that_it_was_sealed_for_and_nowhere_else() {
        byte[] packet = alice.seal(BOB, PING, Cookies.NONE);
        EnvelopeOpener carol =
                new EnvelopeOpener(keys, new NodeId(3, 3), 9, new SplittableRandom(1), EnvelopeBounds.DEFAULT);

        assertThat(carol.open(packet, 0, packet.length)).isEqualTo(new Rejected(Rejection.NOT_AUTHENTIC));
        assertThat(carol.sessions()).isZero();
        opened(bob, packet);
    }

    @Test
    void a_session_is_trusted_once_it_echoes_the_cookie() {
        EnvelopeSealer bobsSealer = new EnvelopeSealer(keys, BOB, 5);
        EnvelopeOpener alicesOpener = new EnvelopeOpener(keys, ALICE, 77, new SecureRandom(), EnvelopeBounds.DEFAULT);

        assertThat(alicesOpener.cookiesFor(BOB)).isEqualTo(Cookies.NONE);
        assertThat(opened(bob, alice.seal(BOB, PING, alicesOpener.cookiesFor(BOB)))
                        .trust())
                .isEqualTo(Trust.UNPROVEN);
        opened(alicesOpener, bobsSealer.seal(ALICE, PING, bob.cookiesFor(ALICE)));

        Cookies second = alicesOpener.cookiesFor(BOB);
        assertThat(second.bytes()).isEqualTo(16);
        assertThat(opened(bob, alice.seal(BOB, PING, second)).trust()).isEqualTo(Trust.PROVEN);
        assertThat(opened(alicesOpener, bobsSealer.seal(ALICE, PING, bob.cookiesFor(ALICE)))
                        .trust())
                .isEqualTo(Trust.PROVEN);
        opened(bob, alice.seal(BOB, PING, alicesOpener.cookiesFor(BOB)));
        assertThat(alicesOpener.cookiesFor(BOB)).isEqualTo(Cookies.NONE);
        assertThat(bob.cookiesFor(ALICE)).isEqualTo(Cookies.NONE);
    }

    @Test
    void a_recording_is_never_trusted_by_a_process_that_started_after_it() {
        opened(bob, alice.seal(BOB, PING, Cookies.NONE));
        byte[] echo = alice.seal(BOB, PING, new Cookies(bob.cookiesFor(ALICE).offer(), OptionalLong.empty()));
        assertThat(opened(bob, echo).trust()).isEqualTo(Trust.PROVEN);

        EnvelopeOpener restarted = opener(keys, EnvelopeBounds.DEFAULT);

        assertThat(opened(restarted, echo).trust()).isEqualTo(Trust.UNPROVEN);
    }

    @Test
    void a_session_that_was_pushed_out_must_prove_itself_with_another_cookie() {
        EnvelopeOpener small = opener(keys, new EnvelopeBounds(1, 1));
        opened(small, alice.seal(BOB, PING, Cookies.NONE));
        byte[] echo = alice.seal(BOB, PING, new Cookies(small.cookiesFor(ALICE).offer(), OptionalLong.empty()));
        assertThat(opened(small, echo).trust()).isEqualTo(Trust.PROVEN);
        EnvelopeSealer carol = new EnvelopeSealer(keys, new NodeId(3, 3), 9);
        opened(small, carol.seal(BOB, PING, Cookies.NONE));
        opened(
                small,
                carol.seal(
                        BOB,
                        PING,
                        new Cookies(small.cookiesFor(new NodeId(3, 3)).offer(), OptionalLong.empty())));

        // Alice's window is gone with her session, so the recording opens: but it is not believed.
        assertThat(opened(small, echo).trust()).isEqualTo(Trust.UNPROVEN);
    }

    @Test
    void a_flood_of_new_sessions_is_bounded_and_does_not_push_out_a_proven_one() {
        EnvelopeOpener small = opener(keys, new EnvelopeBounds(10, 20));
        opened(small, alice.seal(BOB, PING, Cookies.NONE));
        opened(small, alice.seal(BOB, PING, new Cookies(small.cookiesFor(ALICE).offer(), OptionalLong.empty())));

        for (int i = 0; i < 500; i++) {
            opened(small, new EnvelopeSealer(keys, new NodeId(7, i), i).seal(BOB, PING, Cookies.NONE));
        }

        assertThat(small.sessions()).isEqualTo(21);
        assertThat(opened(small, alice.seal(BOB, PING, Cookies.NONE)).trust()).isEqualTo(Trust.PROVEN);
    }

    @Test
    void during_a_rotation_hosts_one_step_apart_understand_each_other_and_sessions_live_on() throws Exception {
        PoolKey next = PoolKey.generate(new SecureRandom());
        Keyring installed = Keyring.of(poolKey).install(next);
        opened(bob, alice.seal(BOB, PING, Cookies.NONE));
        opened(bob, alice.seal(BOB, PING, new Cookies(bob.cookiesFor(ALICE).offer(), OptionalLong.empty())));

        bob.use(new KeySchedules(LABEL, installed));
        assertThat(opened(bob, alice.seal(BOB, PING, Cookies.NONE)).trust()).isEqualTo(Trust.PROVEN);
        alice.use(new KeySchedules(LABEL, installed.use(next.id())));
        byte[] underNext = alice.seal(BOB, PING, Cookies.NONE);
        assertThat(opened(bob, underNext).trust()).isEqualTo(Trust.PROVEN);

        rejected(Rejection.REPLAYED, underNext);
        bob.use(keys);
        rejected(Rejection.UNKNOWN_KEY, alice.seal(BOB, PING, Cookies.NONE));
    }

    @Test
    void the_same_payload_never_looks_the_same_twice() {
        assertThat(alice.seal(BOB, PING, Cookies.NONE)).isNotEqualTo(alice.seal(BOB, PING, Cookies.NONE));
        byte[] first = new EnvelopeSealer(keys, ALICE, 1).seal(BOB, PING, Cookies.NONE);
        byte[] second = new EnvelopeSealer(keys, ALICE, 2).seal(BOB, PING, Cookies.NONE);
        assertThat(Arrays.copyOfRange(first, 38, first.length))
                .isNotEqualTo(Arrays.copyOfRange(second, 38, second.length));
    }

    @Test
    void a_renewed_session_is_another_session() {
        opened(bob, alice.seal(BOB, PING, Cookies.NONE));

        alice.renew(78);

        assertThat(opened(bob, alice.seal(BOB, PING, Cookies.NONE)).session()).isEqualTo(78);
    }

    @Test
    void the_largest_payload_passes_with_both_cookies_and_a_larger_one_is_our_mistake() {
        Cookies both = new Cookies(OptionalLong.of(1), OptionalLong.of(2));

        byte[] packet = alice.seal(BOB, new byte[Envelope.MAXIMUM_PAYLOAD], both);

        assertThat(packet).hasSize(Envelope.MAXIMUM_PACKET);
        assertThat(opened(bob, packet).payload()).hasSize(Envelope.MAXIMUM_PAYLOAD);
        assertThatThrownBy(() -> alice.seal(BOB, new byte[Envelope.MAXIMUM_PAYLOAD + 1], Cookies.NONE))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void random_and_damaged_packets_are_rejected_and_never_throw() {
        Property.forSeeds(2_000, random -> {
            byte[] noise = Property.bytes(random, random.nextInt(1_400));
            byte[] damaged = damaged(alice.seal(BOB, PING, Cookies.NONE), random);
            for (byte[] packet : List.of(noise, damaged)) {
                assertThat(bob.open(packet, 0, packet.length)).isInstanceOf(Rejected.class);
            }
        });
        assertThat(bob.sessions()).isZero();
    }

    private static byte[] damaged(byte[] packet, SplittableRandom random) {
        if (random.nextBoolean()) {
            return Arrays.copyOf(packet, random.nextInt(packet.length));
        }
        byte[] changed = packet.clone();
        changed[random.nextInt(changed.length)] += (byte) (1 + random.nextInt(255));
        return changed;
    }

    private void rejected(Rejection reason, byte[] packet) {
        assertThat(bob.open(packet, 0, packet.length)).isEqualTo(new Rejected(reason));
    }

    private static Opened opened(EnvelopeOpener opener, byte[] packet) {
        EnvelopeOutcome outcome = opener.open(packet, 0, packet.length);
        assertThat(outcome).isInstanceOf(Opened.class);
        return (Opened) outcome;
    }

    private static byte[] changed(byte[] packet, int at, int value) {
        byte[] changed = packet.clone();
        changed[at] = (byte) value;
        return changed;
    }

    private static EnvelopeOpener opener(KeySchedules keys, EnvelopeBounds bounds) {
        return new EnvelopeOpener(keys, BOB, 5, new SecureRandom(), bounds);
    }
}
