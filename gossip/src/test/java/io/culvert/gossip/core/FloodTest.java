package io.culvert.gossip.core;

import static org.assertj.core.api.Assertions.assertThat;

import io.culvert.catalog.IpAddress;
import io.culvert.catalog.Liveness;
import io.culvert.gossip.replication.Head;
import io.culvert.gossip.replication.Pull;
import io.culvert.gossip.replication.ReplicationSettings;
import io.culvert.gossip.replication.SetHash;
import io.culvert.gossip.wire.EnvelopeBounds;
import io.culvert.gossip.wire.Frame;
import io.culvert.gossip.wire.PeerAddress;
import io.culvert.gossip.wire.Refusal;
import io.culvert.gossip.wire.StreamHandshake;
import io.culvert.gossip.wire.StreamHandshakeOutcome;
import io.culvert.gossip.wire.StreamSealer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A machine under more than it can take: everything that a peer can grow stays within its bound, and the pool goes on. */
class FloodTest {
    private static final ReplicationSettings.Bounds BOUNDS = ReplicationSettings.DEFAULT.bounds();

    private final KeyedPool pool = new KeyedPool(2);
    private final KeyedPool.Host target = pool.add();
    private final KeyedPool.Host other = pool.add();
    private final SplittableRandom random = new SplittableRandom(3);

    @BeforeEach
    void settle() {
        other.publish("web");
        pool.run(Duration.ofSeconds(20));
        assertThat(target.servicesOf(other)).containsExactly("web");
    }

    private void thePoolGoesOn() {
        other.publish("web", "db");
        pool.run(Duration.ofSeconds(30));
        assertThat(target.servicesOf(other)).containsExactlyInAnyOrder("web", "db");
        assertThat(target.liveness).containsEntry(other.id(), Liveness.ALIVE);
        assertThat(other.liveness).containsEntry(target.id(), Liveness.ALIVE);
    }

    private PeerAddress somewhere(int number) {
        return new PeerAddress(IpAddress.ofIpv4(0x0b000000 + number), 4_000);
    }

    @Test
    void sessions_questions_and_checks_stay_within_their_bounds_under_a_thousand_made_up_senders_a_second() {
        for (int i = 0; i < 12_000; i++) {
            Insider sender = new Insider(pool, 10_000 + i, NODE_KEYS.get(i % NODE_KEYS.size()));
            Head head = new Head(
                    new io.culvert.catalog.NodeId(random.nextLong(), random.nextLong()),
                    1,
                    1 + random.nextInt(100),
                    500_000,
                    1,
                    new SetHash(random.nextLong(), 1),
                    new byte[64]);
            sender.send(target, head.frame());
            sender.send(target, new Pull(head.owner(), 0, 0, true).frame(), new Frame.Ping(i, target.id(), 0, 0, 0));
            if (i % 1_000 == 0) {
                pool.run(Duration.ofMillis(1_000));
                pool.strays.clear();
                withinBounds();
            }
        }
        withinBounds();
        thePoolGoesOn();
    }

    /** Making keys takes longer than everything else here; an id stands for a sender all the same. */
    private static final List<io.culvert.gossip.identity.NodeKey> NODE_KEYS = keys();

    private static List<io.culvert.gossip.identity.NodeKey> keys() {
        List<io.culvert.gossip.identity.NodeKey> keys = new ArrayList<>();
        java.security.SecureRandom secure = new java.security.SecureRandom();
        for (int i = 0; i < 50; i++) {
            keys.add(io.culvert.gossip.identity.NodeKey.generate(secure));
        }
        return keys;
    }

    private void withinBounds() {
        GossipLoad load = target.machine.load(pool.now());
        assertThat(target.guard.sessions())
                .isLessThanOrEqualTo(
                        EnvelopeBounds.DEFAULT.unprovenSessions() + EnvelopeBounds.DEFAULT.provenSessions());
        assertThat(load.content().pulls()).isLessThanOrEqualTo(BOUNDS.pulls());
        assertThat(load.content().verifications()).isLessThanOrEqualTo(BOUNDS.verifications());
        assertThat(load.content().strangers()).isLessThanOrEqualTo(BOUNDS.strangers());
        assertThat(load.content().badNews().depth() + load.content().otherNews().depth())
                .isLessThanOrEqualTo(BOUNDS.rumours());
        assertThat(load.streams()).isLessThanOrEqualTo(Streams.MOST_ACCEPTED + Streams.MOST_OPENED);
        assertThat(load.timers()).isLessThan(3_000);
    }

    @Test
    void unproven_sessions_turn_over_in_their_own_table() {
        int floods = EnvelopeBounds.DEFAULT.unprovenSessions() + 2_000;
        for (int i = 0; i < floods; i++) {
            new Insider(pool, 50_000 + i, NODE_KEYS.get(i % NODE_KEYS.size()))
                    .send(target, new Frame.Nack(random.nextLong()));
        }

        assertThat(target.guard.sessions()).isLessThanOrEqualTo(EnvelopeBounds.DEFAULT.unprovenSessions() + 10);
        thePoolGoesOn();
    }

    @Test
    void streams_are_bounded_in_number_and_who_comes_and_goes_leaves_nothing_behind() {
        List<Long> open = new ArrayList<>();
        for (int i = 0; i < 1_000; i++) {
            long number = target.machine.onStreamAccepted(somewhere(i), pool.now());
            if (number != 0) {
                open.add(number);
            }
        }
        assertThat(open).hasSize(Streams.MOST_ACCEPTED);
        target.settleNow();
        assertThat(target.refusals).containsEntry(Refusal.STREAM_LIMIT, 1_000 - Streams.MOST_ACCEPTED);
        open.forEach(number -> target.machine.onStreamClosed(number, pool.now()));
        int timers = target.machine.load(pool.now()).timers();
        for (int i = 0; i < 50_000; i++) {
            long number = target.machine.onStreamAccepted(somewhere(i), pool.now());
            target.machine.onStreamBytes(number, new byte[10], pool.now());
            target.machine.onStreamClosed(number, pool.now());
            target.machine.drain();
        }

        assertThat(target.machine.openStreams()).isZero();
        assertThat(target.machine.load(pool.now()).timers()).isLessThanOrEqualTo(timers + 10);
        thePoolGoesOn();
    }

    @Test
    void streams_that_say_nothing_are_ended_after_ten_seconds() {
        for (int i = 0; i < Streams.MOST_ACCEPTED; i++) {
            target.machine.onStreamAccepted(somewhere(i), pool.now());
        }
        pool.run(Duration.ofSeconds(12));

        assertThat(target.machine.openStreams()).isLessThan(10);
    }

    @Test
    void messages_that_never_end_take_a_bounded_number_of_bytes_in_all_streams_together() {
        List<Half> halves = new ArrayList<>();
        for (int i = 0; i < 60; i++) {
            halves.add(new Half(i));
        }
        for (int round = 0; round < 30; round++) {
            halves.forEach(Half::more);
            target.machine.drain();
            assertThat(target.machine.heldStreamBytes()).isLessThanOrEqualTo(Streams.MOST_HELD_BYTES + 100_000);
        }

        assertThat(target.machine.openStreams()).isPositive().isLessThan(60);
        assertThat(target.machine.heldStreamBytes()).isGreaterThan(Streams.MOST_HELD_BYTES / 2);
    }

    /** A member's stream that begins one message and never ends it. */
    private final class Half {
        private final long number;
        private final List<byte[]> chunks;
        private int told;

        Half(int from) {
            number = target.machine.onStreamAccepted(somewhere(from), pool.now());
            StreamHandshake handshake = StreamHandshake.initiator(
                    pool.keys, NODE_KEYS.get(from % NODE_KEYS.size()).id(), pool.random);
            target.machine.onStreamBytes(number, handshake.hello(), pool.now());
            byte[] answer = new byte[0];
            for (Effect effect : target.machine.drain()) {
                if (effect instanceof Effect.StreamSend send && send.stream() == number) {
                    answer = send.bytes();
                }
            }
            StreamSealer sealer = ((StreamHandshakeOutcome.Established) handshake.accept(answer)).sealer();
            chunks = sealer.seal(new byte[2_000_000]);
        }

        void more() {
            if (told < chunks.size() - 1) {
                target.machine.onStreamBytes(number, chunks.get(told++), pool.now());
            }
        }
    }
}
