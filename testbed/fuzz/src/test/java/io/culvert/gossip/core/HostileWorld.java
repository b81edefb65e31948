package io.culvert.gossip.core;

import static org.assertj.core.api.Assertions.assertThat;

import io.culvert.catalog.IpAddress;
import io.culvert.catalog.NodeContent;
import io.culvert.catalog.NodeId;
import io.culvert.catalog.NodeName;
import io.culvert.catalog.NodeRecord;
import io.culvert.catalog.ServiceInstance;
import io.culvert.gossip.identity.PoolLabel;
import io.culvert.gossip.identity.PublicKeyBytes;
import io.culvert.gossip.identity.SignatureDomain;
import io.culvert.gossip.keyring.KeySchedules;
import io.culvert.gossip.keyring.Keyring;
import io.culvert.gossip.keyring.PoolKey;
import io.culvert.gossip.membership.Membership;
import io.culvert.gossip.membership.Signer;
import io.culvert.gossip.membership.SwimSettings;
import io.culvert.gossip.wire.Alive;
import io.culvert.gossip.wire.Envelope;
import io.culvert.gossip.wire.EnvelopeOutcome;
import io.culvert.gossip.wire.Frame;
import io.culvert.gossip.wire.Incarnation;
import io.culvert.gossip.wire.MalformedFrame;
import io.culvert.gossip.wire.PacketCodec;
import io.culvert.gossip.wire.PeerAddress;
import io.culvert.gossip.wire.StreamHandshake;
import io.culvert.gossip.wire.StreamHandshakeOutcome.Established;
import io.culvert.gossip.wire.StreamSealer;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/**
 * One machine of production with the real envelope, and everybody else is the input: strangers without the key, and a
 * member who holds the key and says over datagrams and streams whatever the input is. Signatures are blank; whether one
 * counts as genuine is the input's choice too, but nobody can sign for the machine itself.
 */
final class HostileWorld {
    private static final int MOST_STREAMS = 160;
    private static final int OTHERS = 20;
    /** What one message on a stream may make us say: so much in any case, and so many times its own length. */
    private static final int LEAST_ANSWER_BYTES = 256 * 1_024;

    private static final int ANSWER_RATIO = 16;
    private static final int MOST_STEPS_OF_TIMERS = 10_000;
    private static final int MOST_ROUNDS = 1_000;
    private static final long EPOCH = 1_800_000_000L;
    private static final PeerAddress ELSEWHERE = new PeerAddress(IpAddress.parse("10.0.0.2"), 8301);
    private static final PeerAddress WITNESS = new PeerAddress(IpAddress.parse("10.0.0.3"), 8301);
    private static final KeySchedules KEYS =
            new KeySchedules(new PoolLabel("fuzz"), Keyring.of(PoolKey.of(new byte[PoolKey.BYTES])));
    private static final Signer OWN = new BlankSigner(PublicKeyBytes.of(new byte[PublicKeyBytes.BYTES]));

    /** The member whose words are the input. */
    static final NodeId INSIDER = PublicKeyBytes.of(filled((byte) 1)).id();

    private static final NodeId HONEST = PublicKeyBytes.of(filled((byte) 2)).id();

    private final EnvelopeGuard insider = new EnvelopeGuard(KEYS, INSIDER, new SplittableRandom(2));
    private final EnvelopeGuard honest = new EnvelopeGuard(KEYS, HONEST, new SplittableRandom(3));
    private final List<Frame> heardByHonest = new ArrayList<>();
    private final Map<Long, HostileStream> streams = new LinkedHashMap<>();
    private final GossipMachine machine;
    private long now;
    private boolean genuine = true;
    private Incarnation incarnation;
    private long sent;
    private long streamedBytes;

    private record BlankSigner(PublicKeyBytes publicKey) implements Signer {
        @Override
        public byte[] sign(SignatureDomain domain, byte[] message) {
            return new byte[PublicKeyBytes.SIGNATURE_BYTES];
        }
    }

    /** The insider's end of a stream; has a sealer once both greetings are there. */
    private static final class HostileStream {
        final StreamHandshake handshake;

        @Nullable
        StreamSealer sealer;

        HostileStream(StreamHandshake handshake) {
            this.handshake = handshake;
        }
    }

    HostileWorld() {
        machine = new GossipMachine(
                new GossipMachine.Parts(
                        SwimSettings.lan(),
                        new Membership.Identity(OWN, new PeerAddress(IpAddress.parse("10.0.0.1"), 8301), 8443, false),
                        EPOCH,
                        new GossipMachine.Security(
                                new EnvelopeGuard(KEYS, self(), new SplittableRandom(1)),
                                new EnvelopeStreams(self(), new SplittableRandom(4)),
                                KEYS),
                        new GossipMachine.Chance(new SplittableRandom(5), () -> Instant.ofEpochSecond(EPOCH))),
                0);
        incarnation = machine.ownWord().incarnation();
        machine.start(0);
        machine.publish(
                new NodeContent(
                        new NodeRecord(
                                self(),
                                new NodeName("target"),
                                IpAddress.parse("10.0.0.1"),
                                "dc1",
                                Map.of(),
                                8443,
                                false,
                                "1"),
                        List.of(ServiceInstance.of("web", "web", 80)),
                        List.of()),
                0);
        machine.recall(others(), 0);
        perform();
        assertThat(machine.others()).hasSize(OTHERS);
    }

    /** Members who never answer: the dead that every pool has, and whom a comparison is about. */
    private static List<Frame> others() {
        List<Frame> words = new ArrayList<>();
        for (int i = 1; i <= OTHERS; i++) {
            PublicKeyBytes key = PublicKeyBytes.of(filled((byte) (100 + i)));
            words.add(new Alive(
                    key.id(),
                    new Incarnation(EPOCH, 0),
                    new PeerAddress(IpAddress.parse("10.0.1." + i), 8301),
                    8443,
                    Alive.VERSION_FLAGS,
                    key,
                    new byte[PublicKeyBytes.SIGNATURE_BYTES]));
        }
        return words;
    }

    private static byte[] filled(byte value) {
        byte[] bytes = new byte[PublicKeyBytes.BYTES];
        Arrays.fill(bytes, value);
        return bytes;
    }

    static NodeId self() {
        return OWN.publicKey().id();
    }

    /** From now on signatures of others count as genuine, or do not. */
    void signaturesAre(boolean isGenuine) {
        genuine = isGenuine;
    }

    void strangerSends(byte[] packet) {
        machine.onDatagram(packet, ELSEWHERE, now);
        perform();
    }

    void insiderSends(byte[] frames) {
        byte[] payload = Arrays.copyOf(frames, Math.min(frames.length, Envelope.MAXIMUM_PAYLOAD));
        machine.onDatagram(insider.seal(self(), payload), ELSEWHERE, now);
        perform();
    }

    /** A connection whose first bytes, and all others, are the input. */
    void strangerConnects(byte[] bytes) {
        long number = machine.onStreamAccepted(ELSEWHERE, now);
        if (number != 0) {
            perform();
            machine.onStreamBytes(number, bytes, now);
        }
        perform();
    }

    void insiderConnects() {
        long number = machine.onStreamAccepted(ELSEWHERE, now);
        if (number == 0) {
            return;
        }
        HostileStream stream =
                new HostileStream(StreamHandshake.initiator(KEYS, INSIDER, new SplittableRandom(number)));
        streams.put(number, stream);
        machine.onStreamBytes(number, stream.handshake.hello(), now);
        perform();
    }

    /** One whole message on one of the streams that are open, of whoever began it. */
    void insiderSays(int which, byte[] message) {
        if (streams.isEmpty()) {
            return;
        }
        List<Long> numbers = List.copyOf(streams.keySet());
        long number = numbers.get(Math.floorMod(which, numbers.size()));
        StreamSealer sealer = stream(number).sealer;
        long before = streamedBytes;
        if (sealer != null) {
            for (byte[] chunk : sealer.seal(message)) {
                machine.onStreamBytes(number, chunk, now);
            }
        }
        perform();
        assertThat(streamedBytes - before)
                .as("bytes said in answer to " + message.length)
                .isLessThanOrEqualTo(LEAST_ANSWER_BYTES + (long) ANSWER_RATIO * message.length);
    }

    void insiderCuts(int which) {
        if (!streams.isEmpty()) {
            List<Long> numbers = List.copyOf(streams.keySet());
            long number = numbers.get(Math.floorMod(which, numbers.size()));
            streams.remove(number);
            machine.onStreamClosed(number, now);
            perform();
        }
    }

    private HostileStream stream(long number) {
        return java.util.Objects.requireNonNull(streams.get(number), "stream");
    }

    /** Time passes; whatever is due is done when it is due. */
    void wait(Duration duration) {
        long end = now + duration.toNanos();
        int steps = 0;
        while (machine.nextAt() <= end) {
            assertThat(steps++).as("timers in " + duration).isLessThan(MOST_STEPS_OF_TIMERS);
            now = Math.max(now, machine.nextAt());
            machine.onTimer(now);
            perform();
        }
        now = end;
    }

    /** The process did not run for so long. */
    void pause(Duration duration) {
        now += duration.toNanos();
        machine.onTimer(now);
        perform();
    }

    private void perform() {
        List<Effect> effects = machine.drain();
        int rounds = 0;
        while (!effects.isEmpty()) {
            assertThat(rounds++).as("rounds of effects that lead to effects").isLessThan(MOST_ROUNDS);
            effects.forEach(this::perform);
            effects = machine.drain();
        }
        Incarnation own = machine.ownWord().incarnation();
        assertThat(own).as("own incarnation never goes back").isGreaterThanOrEqualTo(incarnation);
        incarnation = own;
        assertThat(machine.openStreams()).isLessThanOrEqualTo(MOST_STREAMS);
    }

    private void perform(Effect effect) {
        if (effect instanceof Effect.Send send) {
            sent++;
            assertThat(send.packet().length).isLessThanOrEqualTo(Envelope.MAXIMUM_PACKET);
            hear(send);
        } else if (effect instanceof Effect.Verify verify) {
            boolean ours = verify.check().signer().equals(self());
            machine.onVerdict(verify.check(), genuine && !ours, now);
        } else if (effect instanceof Effect.OpenStream open) {
            streams.put(
                    open.stream(),
                    new HostileStream(StreamHandshake.responder(KEYS, INSIDER, new SplittableRandom(open.stream()))));
            machine.onStreamOpened(open.stream(), now);
        } else if (effect instanceof Effect.StreamSend send) {
            greet(send);
        } else if (effect instanceof Effect.CloseStream close) {
            streams.remove(close.stream());
        }
    }

    private void greet(Effect.StreamSend send) {
        streamedBytes += send.bytes().length;
        HostileStream stream = streams.get(send.stream());
        if (stream == null || stream.sealer != null) {
            return;
        }
        if (send.bytes().length == StreamHandshake.HELLO_BYTES
                && stream.handshake.accept(send.bytes()) instanceof Established established) {
            stream.sealer = established.sealer();
            if (send.stream() % 2 == 0) {
                // The machine began this one: its greeting is answered.
                machine.onStreamBytes(send.stream(), stream.handshake.hello(), now);
            }
        }
    }

    // A packet opens only for whom it was sealed: what goes to those who never answer stays shut.
    private void hear(Effect.Send send) {
        if (send.to().equals(WITNESS)) {
            if (open(honest, HONEST, send) instanceof EnvelopeOutcome.Opened opened) {
                try {
                    heardByHonest.addAll(PacketCodec.decode(opened.payload()));
                } catch (MalformedFrame malformed) {
                    throw new AssertionError("the machine sent what cannot be read", malformed);
                }
            }
        } else if (send.to().equals(ELSEWHERE)) {
            open(insider, INSIDER, send);
        }
    }

    /** What is sent to an address opens for who lives there, unless the input said that others live there too. */
    private EnvelopeOutcome open(EnvelopeGuard guard, NodeId owner, Effect.Send send) {
        EnvelopeOutcome outcome = guard.open(send.packet());
        boolean claimed = machine.others().stream()
                .anyMatch(member -> member.alive().address().equals(send.to())
                        && !member.alive().about().equals(owner));
        if (!claimed) {
            assertThat(outcome).as("what the machine sends opens").isInstanceOf(EnvelopeOutcome.Opened.class);
        }
        return outcome;
    }

    /** Invariant 14: whatever came before, an honest member that asks is answered. */
    void assertAnswersPing() {
        Frame.Ping ping = new Frame.Ping(42, self(), incarnation.number(), 0, 0);
        for (int tries = 0; tries < 4 && heardByHonest.stream().noneMatch(this::isAnswer); tries++) {
            machine.onDatagram(honest.seal(self(), PacketCodec.encode(List.of(ping))), WITNESS, now);
            perform();
        }
        assertThat(heardByHonest).as("answers to an honest ping").anyMatch(this::isAnswer);
    }

    private boolean isAnswer(Frame frame) {
        return frame instanceof Frame.Ack ack
                && ack.nonce() == 42
                && ack.responder().equals(self());
    }

    /** Invariant 14: its timers still fire, and what they do still reaches others when there are any. */
    void assertTimersFire() {
        assertThat(machine.nextAt()).as("next timer").isLessThan(Long.MAX_VALUE);
        long before = sent;
        boolean company =
                machine.others().stream().anyMatch(member -> member.standing().isPresent());
        wait(Duration.ofSeconds(12));
        assertThat(machine.nextAt())
                .as("next timer")
                .isBetween(now, now + Duration.ofMinutes(2).toNanos());
        if (company) {
            assertThat(sent).as("packets sent while there is company").isGreaterThan(before);
        }
    }
}
