package io.culvert.gossip.core;

import io.culvert.catalog.IpAddress;
import io.culvert.gossip.identity.NodeKey;
import io.culvert.gossip.wire.EnvelopeOutcome;
import io.culvert.gossip.wire.Frame;
import io.culvert.gossip.wire.PacketCodec;
import io.culvert.gossip.wire.PeerAddress;
import java.util.List;

/** Somebody who holds the pool's key and a key of his own, but is no member and plays by no rule. */
final class Insider {
    final NodeKey key;
    final PeerAddress address;
    private final KeyedPool pool;
    private final EnvelopeGuard guard;
    private int read;

    Insider(KeyedPool pool, int number) {
        this(pool, number, NodeKey.generate(pool.random));
    }

    /** One who calls himself by another's id. */
    Insider(KeyedPool pool, int number, NodeKey key) {
        this.pool = pool;
        this.key = key;
        this.address = new PeerAddress(IpAddress.ofIpv4(0x0a010000 + number), 8301);
        this.guard = new EnvelopeGuard(pool.keys, key.id(), pool.random);
    }

    /** The bytes that were sent. */
    byte[] send(KeyedPool.Host to, Frame... frames) {
        byte[] packet = guard.seal(to.id(), PacketCodec.encode(List.of(frames)));
        pool.datagram(packet, address, to);
        return packet;
    }

    /** Proves, as the protocol asks for, that the insider lives now: reads the cookie and sends it back. */
    void proveTo(KeyedPool.Host to) {
        send(to, new Frame.Ping(1, to.id(), 0, 0, 0));
        pool.run(java.time.Duration.ZERO);
        readAnswers();
        send(to, new Frame.Ping(2, to.id(), 0, 0, 0));
        pool.run(java.time.Duration.ZERO);
        readAnswers();
    }

    private void readAnswers() {
        List<byte[]> answers = pool.strays.getOrDefault(address, List.of());
        while (read < answers.size()) {
            EnvelopeOutcome outcome = guard.open(answers.get(read++));
            if (!(outcome instanceof EnvelopeOutcome.Opened)) {
                throw new AssertionError("an answer that cannot be opened: " + outcome);
            }
        }
    }

    /** Bytes that the pool sent here. */
    long received() {
        return pool.strays.getOrDefault(address, List.of()).stream()
                .mapToLong(packet -> packet.length)
                .sum();
    }
}
