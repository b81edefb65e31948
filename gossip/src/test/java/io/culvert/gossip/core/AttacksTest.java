package io.culvert.gossip.core;

import static org.assertj.core.api.Assertions.assertThat;

import io.culvert.catalog.Liveness;
import io.culvert.catalog.NodeId;
import io.culvert.gossip.identity.SignatureDomain;
import io.culvert.gossip.replication.Head;
import io.culvert.gossip.replication.Pull;
import io.culvert.gossip.replication.Repair;
import io.culvert.gossip.replication.ReplicationFrame;
import io.culvert.gossip.replication.ReplicationNotice.Kind;
import io.culvert.gossip.wire.Alive;
import io.culvert.gossip.wire.Envelope;
import io.culvert.gossip.wire.Frame;
import io.culvert.gossip.wire.FrameType;
import io.culvert.gossip.wire.Incarnation;
import io.culvert.gossip.wire.Left;
import io.culvert.gossip.wire.MalformedFrame;
import io.culvert.gossip.wire.PeerAddress;
import io.culvert.gossip.wire.Refusal;
import io.culvert.gossip.wire.StreamHandshake;
import io.culvert.testbed.kit.Property;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Whole machines, attacked by strangers and by holders of the pool's key, who hold no other host's own key. */
class AttacksTest {
    private final KeyedPool pool = new KeyedPool(1);
    private final KeyedPool.Host watcher = pool.add();
    private final KeyedPool.Host victim = pool.add();
    private final KeyedPool.Host third = pool.add();
    private final Insider insider = new Insider(pool, 1);

    @BeforeEach
    void settle() {
        victim.publish("web", "db");
        third.publish("cache");
        pool.run(Duration.ofSeconds(30));
        assertThat(watcher.servicesOf(victim)).containsExactlyInAnyOrder("web", "db");
        assertThat(watcher.liveness).containsEntry(victim.id(), Liveness.ALIVE);
        watcher.livenessSeen.clear();
    }

    private void nothingHappenedToTheVictim() {
        assertThat(watcher.servicesOf(victim)).containsExactlyInAnyOrder("web", "db");
        assertThat(third.servicesOf(victim)).containsExactlyInAnyOrder("web", "db");
        assertThat(watcher.liveness).containsEntry(victim.id(), Liveness.ALIVE);
        assertThat(watcher.livenessSeen).doesNotContain(victim.id() + " LEFT");
    }

    private Head headOf(KeyedPool.Host owner) {
        return repairOf(owner).head();
    }

    /** The owner's records as it hands them out itself. */
    private Repair repairOf(KeyedPool.Host owner) {
        try {
            for (Frame frame : watcher.machine.snapshot()) {
                if (frame instanceof Frame.Content content
                        && ReplicationFrame.read(content) instanceof Repair repair
                        && repair.head().owner().equals(owner.id())) {
                    return repair;
                }
            }
        } catch (MalformedFrame impossible) {
            throw new AssertionError(impossible);
        }
        throw new AssertionError("no records of " + owner.id());
    }

    // ---- with the pool's key ----

    @Test
    void nobody_but_the_owner_makes_a_host_leave() {
        insider.proveTo(watcher);
        Incarnation present = victim.machine.ownWord().incarnation();
        for (int ahead = 0; ahead < 4; ahead++) {
            Incarnation claimed = new Incarnation(present.epoch(), present.number() + ahead);
            Left unsigned = new Left(victim.id(), claimed, new byte[64]);
            Left ours =
                    unsigned.signed(insider.key.sign(SignatureDomain.LEFT, KeyedPool.LABEL, unsigned.signedBytes()));
            insider.send(watcher, unsigned, ours);
        }
        // A goodbye for another pool, and a signature made for something else.
        Left real = new Left(victim.id(), present, new byte[64]);
        insider.send(
                watcher,
                real.signed(victim.key.sign(
                        SignatureDomain.LEFT, new io.culvert.gossip.identity.PoolLabel("other"), real.signedBytes())),
                real.signed(victim.key.sign(SignatureDomain.ALIVE, KeyedPool.LABEL, real.signedBytes())));
        pool.run(Duration.ofSeconds(30));

        assertThat(watcher.badSignatures).isPositive();
        nothingHappenedToTheVictim();
    }

    @Test
    void accusing_giving_up_and_forgetting_a_living_host_does_not_make_it_leave() {
        insider.proveTo(watcher);
        for (int i = 0; i < 20; i++) {
            Incarnation present = victim.machine.ownWord().incarnation();
            insider.send(
                    watcher,
                    new Frame.Suspect(victim.id(), present, insider.key.id()),
                    new Frame.Dead(victim.id(), present, insider.key.id()),
                    new Frame.Forget(victim.id(), present, insider.key.id()));
            pool.run(Duration.ofMillis(500));
        }
        pool.run(Duration.ofSeconds(60));

        nothingHappenedToTheVictim();
    }

    @Test
    void nobody_but_the_owner_moves_a_host_to_another_address() {
        insider.proveTo(watcher);
        Incarnation present = victim.machine.ownWord().incarnation();
        for (NodeId ignored : List.of(victim.id(), third.id())) {
            Alive unsigned = new Alive(
                    victim.id(),
                    new Incarnation(present.epoch(), present.number() + 1),
                    insider.address,
                    8443,
                    Alive.VERSION_FLAGS,
                    victim.key.publicKey(),
                    new byte[64]);
            insider.send(
                    watcher,
                    unsigned.signed(insider.key.sign(SignatureDomain.ALIVE, KeyedPool.LABEL, unsigned.signedBytes())));
        }
        Alive otherKey = new Alive(
                victim.id(),
                new Incarnation(present.epoch(), present.number() + 1),
                insider.address,
                8443,
                Alive.VERSION_FLAGS,
                insider.key.publicKey(),
                new byte[64]);
        insider.send(
                watcher,
                otherKey.signed(insider.key.sign(SignatureDomain.ALIVE, KeyedPool.LABEL, otherKey.signedBytes())));
        pool.run(Duration.ofSeconds(5));

        assertThat(watcher.machine.find(victim.id()).orElseThrow().alive().address())
                .isEqualTo(victim.address);
        nothingHappenedToTheVictim();
    }

    @Test
    void nobody_but_the_owner_changes_a_record() {
        insider.proveTo(watcher);
        Repair real = repairOf(victim);
        Head head = real.head();
        Head unsigned = new Head(
                head.owner(), head.epoch(), head.version() + 1, head.stampHours(), 1, head.setHash(), new byte[64]);
        Head ours = new Head(
                head.owner(),
                head.epoch(),
                head.version() + 2,
                head.stampHours(),
                1,
                head.setHash(),
                insider.key.sign(SignatureDomain.HEAD, KeyedPool.LABEL, unsigned.signedBytes()));
        List<Repair.Entry> ourRecords = new ArrayList<>();
        real.records().forEach(entry -> ourRecords.add(new Repair.Entry(entry.slot(), entry.version(), new byte[9])));
        insider.send(watcher, unsigned.frame());
        insider.send(watcher, ours.frame());
        insider.send(watcher, new Repair(ours, insider.key.publicKey(), List.of(0), List.of()).frame());
        insider.send(watcher, new Repair(ours, victim.key.publicKey(), List.of(0), List.of()).frame());
        // The owner's own head with other records.
        insider.send(watcher, new Repair(head, real.ownerKey(), real.liveSlots(), ourRecords).frame());
        pool.run(Duration.ofSeconds(30));

        assertThat(watcher.notices.getOrDefault(Kind.BAD_SIGNATURE, 0)).isPositive();
        nothingHappenedToTheVictim();
    }

    @Test
    void a_recording_of_what_the_owner_once_said_brings_nothing_back() {
        Repair old = repairOf(victim);
        victim.publish("web");
        pool.run(Duration.ofSeconds(30));
        assertThat(watcher.servicesOf(victim)).containsExactly("web");
        insider.proveTo(watcher);

        insider.send(watcher, old.frame());
        insider.send(watcher, old.head().frame());
        pool.run(Duration.ofSeconds(30));

        assertThat(watcher.servicesOf(victim)).containsExactly("web");
    }

    @Test
    void who_calls_himself_by_another_id_gets_no_more_out_of_it() {
        Insider impostor = new Insider(pool, 2, victim.key);
        Incarnation present = third.machine.ownWord().incarnation();
        impostor.send(watcher, new Frame.Dead(third.id(), present, victim.id()));
        impostor.send(victim, new Frame.Ping(1, victim.id(), 0, 0, 0));
        pool.run(Duration.ofSeconds(30));

        assertThat(victim.refusals).containsEntry(Refusal.OWN_IDENTITY, 1);
        assertThat(watcher.liveness).containsEntry(third.id(), Liveness.ALIVE);
        nothingHappenedToTheVictim();
    }

    @Test
    void a_sender_of_false_signatures_costs_ten_checks_a_minute() {
        insider.proveTo(watcher);
        Head head = headOf(victim);
        int before = watcher.checks;
        for (int i = 1; i <= 500; i++) {
            insider.send(
                    watcher,
                    new Head(
                                    head.owner(),
                                    head.epoch(),
                                    head.version() + i,
                                    head.stampHours(),
                                    0,
                                    head.setHash(),
                                    new byte[64])
                            .frame());
            pool.run(Duration.ofMillis(2));
        }

        assertThat(watcher.checks - before).isLessThanOrEqualTo(11);
        assertThat(watcher.notices.getOrDefault(Kind.SENDER_MUTED, 0)).isGreaterThanOrEqualTo(480);
    }

    // ---- who gets how much out of the pool ----

    @Test
    void a_stranger_gets_nothing_whatever_he_sends() {
        List<byte[]> recorded = List.copyOf(watcher.sent);
        PeerAddress stranger = new PeerAddress(io.culvert.catalog.IpAddress.ofIpv4(0x0a020001), 9);
        Property.forSeeds(3_000, random -> pool.datagram(noise(random, recorded), stranger, victim));
        for (byte[] packet : recorded) {
            pool.datagram(packet, stranger, victim);
            pool.datagram(packet, stranger, watcher);
        }
        pool.run(Duration.ofSeconds(5));

        assertThat(pool.strays).doesNotContainKey(stranger);
        nothingHappenedToTheVictim();
    }

    private static byte[] noise(SplittableRandom random, List<byte[]> recorded) {
        if (random.nextInt(3) == 0) {
            return Property.bytes(random, random.nextInt(Envelope.MAXIMUM_PACKET + 100));
        }
        byte[] packet = recorded.get(random.nextInt(recorded.size())).clone();
        packet[random.nextInt(packet.length)] ^= (byte) (1 << random.nextInt(8));
        return packet;
    }

    @Test
    void recordings_played_to_a_host_that_has_just_started_again_make_it_send_nobody_more_than_was_sent() {
        List<byte[]> recorded = new ArrayList<>(watcher.sent);
        recorded.addAll(victim.sent);
        KeyedPool.Host restarted = pool.restart(third);
        PeerAddress target = new PeerAddress(io.culvert.catalog.IpAddress.ofIpv4(0x0a020002), 9);
        long in = 0;
        for (byte[] packet : recorded) {
            in += packet.length;
            pool.datagram(packet, target, restarted);
            pool.run(Duration.ZERO);
            assertThat(sent(target)).isLessThanOrEqualTo(in);
        }
        assertThat(sent(target)).as("some were meant for it in its former life").isPositive();
        assertThat(restarted.refusals).containsKey(Refusal.NOT_AUTHENTIC);
    }

    @Test
    void who_has_not_shown_the_cookie_gets_at_most_what_he_sends_for_each_kind_of_word() {
        Incarnation present = victim.machine.ownWord().incarnation();
        Repair real = repairOf(victim);
        List<Frame> words = List.of(
                new Frame.Ping(1, watcher.id(), 0, 0, 0),
                new Frame.Ping(1, victim.id(), 0, 0, 0),
                new Frame.PingRequest(1, victim.id(), 500),
                new Frame.Nack(1),
                new Frame.Suspect(victim.id(), present, third.id()),
                new Frame.Dead(victim.id(), present, third.id()),
                new Frame.Forget(victim.id(), present, third.id()),
                victim.machine.ownWord(),
                real.head().frame(),
                real.frame(),
                new Pull(victim.id(), 0, 0, true).frame(),
                new Frame.Content(FrameType.PULL, new byte[3]));
        int number = 100;
        for (Frame word : words) {
            Insider fresh = new Insider(pool, number++);
            long in = 0;
            for (int i = 0; i < 5; i++) {
                in += fresh.send(watcher, word).length;
                pool.run(Duration.ZERO);
                assertThat(fresh.received()).as(word.type() + " " + i).isLessThanOrEqualTo(in);
            }
        }
        nothingHappenedToTheVictim();
    }

    @Test
    void a_stranger_gets_nothing_over_a_stream_but_a_greeting_as_long_as_his_own() {
        Property.forSeeds(500, random -> {
            byte[] said = Property.bytes(random, 1 + random.nextInt(200));
            assertThat(answerOnAStream(said)).isZero();
        });
        // The number of the key is no secret: it stands in the clear in every packet.
        byte[] greeting = StreamHandshake.initiator(pool.keys, insider.key.id(), pool.random)
                .hello();
        assertThat(answerOnAStream(greeting)).isEqualTo(greeting.length);
        byte[] more = java.util.Arrays.copyOf(greeting, 20_000);
        assertThat(answerOnAStream(more)).isEqualTo(greeting.length);
    }

    /** Bytes that come back on a stream of its own. */
    private long answerOnAStream(byte[] said) {
        PeerAddress stranger = new PeerAddress(io.culvert.catalog.IpAddress.ofIpv4(0x0a020003), 9);
        long number = watcher.machine.onStreamAccepted(stranger, pool.now());
        watcher.machine.onStreamBytes(number, said, pool.now());
        long answered = 0;
        for (Effect effect : watcher.machine.drain()) {
            answered += effect instanceof Effect.StreamSend send && send.stream() == number ? send.bytes().length : 0;
        }
        watcher.machine.onStreamClosed(number, pool.now());
        return answered;
    }

    private long sent(PeerAddress to) {
        return pool.strays.getOrDefault(to, List.of()).stream()
                .mapToLong(packet -> packet.length)
                .sum();
    }
}
