package io.culvert.testbed.simulator;

import io.culvert.catalog.NodeId;
import io.culvert.gossip.identity.SignatureDomain;
import io.culvert.gossip.keyring.KeySchedules;
import io.culvert.gossip.replication.Head;
import io.culvert.gossip.replication.SetHash;
import io.culvert.gossip.wire.Alive;
import io.culvert.gossip.wire.Coordinate;
import io.culvert.gossip.wire.EnvelopeOutcome;
import io.culvert.gossip.wire.Frame;
import io.culvert.gossip.wire.Incarnation;
import io.culvert.gossip.wire.Left;
import io.culvert.gossip.wire.MalformedFrame;
import io.culvert.gossip.wire.PacketCodec;
import io.culvert.gossip.wire.PeerAddress;
import io.culvert.testbed.simulator.fault.Intrusion.Deed;
import io.culvert.testbed.simulator.invariant.Intruded.Standing;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/** Somebody who holds the pool's key, has an identity of his own, answers as a member should, and lies. */
final class Insider {
    private static final byte[] NO_SIGNATURE = new byte[64];
    private static final int LIES_A_PACKET = 8;
    private static final int DEADLINE_MILLIS = 60_000;
    private static final long SECONDS_AN_HOUR = 3_600;

    private final SimulatedPool pool;
    private final PeerAddress address;
    private final SplittableRandom chance;
    private final PlainSigner signer;
    private final PlainGuard guard;
    private final Alive word;
    private KeySchedules keys;

    Insider(SimulatedPool pool, PeerAddress address, int number) {
        this.pool = pool;
        this.address = address;
        this.chance = pool.world().random("insider " + number);
        this.signer =
                new PlainSigner("insider " + number + " of " + pool.world().seed());
        this.keys = pool.keys().current();
        this.guard = new PlainGuard(id(), keys, chance);
        Alive unsigned = new Alive(
                id(),
                new Incarnation(pool.world().wallTime().getEpochSecond(), 0),
                address,
                8443,
                Alive.VERSION_FLAGS,
                signer.publicKey(),
                NO_SIGNATURE);
        this.word = unsigned.signed(signer.sign(SignatureDomain.ALIVE, unsigned.signedBytes()));
    }

    private NodeId id() {
        return signer.publicKey().id();
    }

    void use(KeySchedules changed) {
        keys = changed;
        guard.use(changed);
    }

    /** Answers probes and remembers cookies: nobody shall suspect him. */
    void receive(byte[] packet, PeerAddress from) {
        if (!(guard.open(packet) instanceof EnvelopeOutcome.Opened opened)) {
            return;
        }
        List<Frame> answers = new ArrayList<>();
        try {
            for (Frame frame : PacketCodec.decode(opened.payload())) {
                if (frame instanceof Frame.Ping ping && ping.target().equals(id())) {
                    answers.add(new Frame.Ack(ping.nonce(), id(), 0, 0, 0, Coordinate.ORIGIN));
                }
            }
        } catch (MalformedFrame ours) {
            throw new IllegalStateException("a host sent what cannot be read", ours);
        }
        for (SimulatedNode node : pool.nodes()) {
            boolean asked = node.address().equals(from) && !answers.isEmpty() || guard.owesEcho(opened.sender());
            if (asked && node.id().equals(opened.sender())) {
                send(node, answers);
            }
        }
    }

    private void send(SimulatedNode to, List<Frame> frames) {
        to.receive(guard.seal(to.id(), PacketCodec.encode(frames)), address);
    }

    void act(Deed deed, SimulatedNode victim) {
        switch (deed) {
            case NEVER_ECHOES -> askFromNewSession(victim);
            case GIANT_COUNTS -> victim.receive(guard.seal(victim.id(), giant()), address);
            default -> {
                List<Frame> frames = new ArrayList<>(List.of(word, ping(victim)));
                for (int i = 0; i < LIES_A_PACKET; i++) {
                    frames.add(lie(
                            deed, pool.nodes().get(chance.nextInt(pool.nodes().size()))));
                }
                send(victim, frames.subList(0, fitting(frames)));
            }
        }
    }

    private static int fitting(List<Frame> frames) {
        int count = 0;
        int length = 0;
        while (count < frames.size() && length + frames.get(count).length() <= 1_200) {
            length += frames.get(count).length();
            count++;
        }
        return count;
    }

    private Frame ping(SimulatedNode victim) {
        return new Frame.Ping(chance.nextLong(), victim.id(), 0, 0, 0);
    }

    private Frame lie(Deed deed, SimulatedNode about) {
        Incarnation now = about.isRunning() ? about.machine().ownWord().incarnation() : new Incarnation(1, 0);
        Incarnation great = new Incarnation(now.epoch(), now.number() + (1L << chance.nextInt(62)));
        return switch (deed) {
            case ACCUSES_ALL -> new Frame.Suspect(about.id(), now, accuser());
            case DECLARES_ALL_DEAD -> new Frame.Dead(about.id(), now, accuser());
            case GREAT_INCARNATIONS ->
                chance.nextBoolean()
                        ? new Frame.Suspect(about.id(), great, accuser())
                        : new Frame.Dead(about.id(), new Incarnation(Incarnation.MAX_EPOCH, 0), accuser());
            case FLOODS_PING_REQUESTS -> new Frame.PingRequest(chance.nextLong(), about.id(), DEADLINE_MILLIS);
            default -> forged(about, now);
        };
    }

    // Himself, or anybody: accusations are not signed.
    private NodeId accuser() {
        return chance.nextBoolean() ? id() : new NodeId(chance.nextLong(), chance.nextLong());
    }

    private Frame forged(SimulatedNode about, Incarnation now) {
        Incarnation next = now.next();
        byte[] signature = signer.sign(SignatureDomain.HEAD, NO_SIGNATURE);
        return switch (chance.nextInt(3)) {
            case 0 -> new Alive(about.id(), next, address, 8443, Alive.VERSION_FLAGS, signer.publicKey(), signature);
            case 1 -> new Left(about.id(), next, signature);
            default ->
                new Head(
                                about.id(),
                                now.epoch(),
                                1_000,
                                pool.world().wallTime().getEpochSecond() / SECONDS_AN_HOUR,
                                0,
                                new SetHash(chance.nextLong(), chance.nextLong()),
                                signature)
                        .frame();
        };
    }

    // Types that exist, with lengths that do not fit what follows.
    private byte[] giant() {
        byte[] payload = new byte[3 + chance.nextInt(1_000)];
        chance.nextBytes(payload);
        payload[0] = (byte) (chance.nextInt(4) * 10 + chance.nextInt(8));
        payload[1] = (byte) 0xff;
        return payload;
    }

    private void askFromNewSession(SimulatedNode victim) {
        PlainGuard fresh = new PlainGuard(id(), keys, chance);
        Frame question = chance.nextBoolean()
                ? ping(victim)
                : lie(chance.nextBoolean() ? Deed.ACCUSES_ALL : Deed.FLOODS_PING_REQUESTS, victim);
        byte[] packet = fresh.seal(victim.id(), PacketCodec.encode(List.of(question)));
        victim.receiveFromStranger(packet, address, Standing.COOKIELESS);
    }
}
