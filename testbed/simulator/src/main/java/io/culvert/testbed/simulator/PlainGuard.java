package io.culvert.testbed.simulator;

import io.culvert.catalog.NodeId;
import io.culvert.gossip.core.PacketGuard;
import io.culvert.gossip.wire.Envelope;
import io.culvert.gossip.wire.EnvelopeOutcome;
import io.culvert.gossip.wire.Rejection;
import io.culvert.gossip.wire.Trust;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * The envelope without the encryption: the same sizes, sessions, cookies and replay rule, so that a pool of thousands runs
 * in one thread. Layout: sender 16, session 8, counter 8, echo 8, offer 8 (0: none), filled up to the real header.
 */
final class PlainGuard implements PacketGuard {
    private static final int FIELDS = 48;
    private static final int WINDOW = 1_024;
    private static final int PADDING = Envelope.OVERHEAD_BYTES - FIELDS;

    private final NodeId self;
    private final RandomGenerator random;
    private final long session;
    private final Map<NodeId, Peer> peers = new HashMap<>();
    private long counter;

    PlainGuard(NodeId self, RandomGenerator random) {
        this.self = self;
        this.random = random;
        this.session = random.nextLong();
    }

    private static final class Peer {
        long session;
        long cookie;
        boolean proven;
        long offeredToUs;
        private final long[] seen = new long[WINDOW / Long.SIZE];
        private long highest;

        /** @return whether this number is new, and near enough to tell */
        boolean mark(long number) {
            if (number + WINDOW <= highest) {
                return false;
            }
            if (number - highest >= WINDOW) {
                Arrays.fill(seen, 0);
            } else {
                for (long passed = highest + 1; passed <= number; passed++) {
                    seen[word(passed)] &= ~(1L << passed);
                }
            }
            highest = Math.max(highest, number);
            boolean isNew = (seen[word(number)] & 1L << number) == 0;
            seen[word(number)] |= 1L << number;
            return isNew;
        }

        private static int word(long number) {
            return (int) (number >>> 6) & WINDOW / Long.SIZE - 1;
        }
    }

    @Override
    public byte[] seal(NodeId to, byte[] payload) {
        Peer peer = peers.get(to);
        return ByteBuffer.allocate(Envelope.OVERHEAD_BYTES + payload.length)
                .putLong(self.high())
                .putLong(self.low())
                .putLong(session)
                .putLong(++counter)
                .putLong(peer == null ? 0 : peer.offeredToUs)
                .putLong(peer == null || peer.proven ? 0 : peer.cookie)
                .put(new byte[PADDING])
                .put(payload)
                .array();
    }

    @Override
    public EnvelopeOutcome open(byte[] packet) {
        if (packet.length < Envelope.OVERHEAD_BYTES) {
            return new EnvelopeOutcome.Rejected(Rejection.TOO_SHORT);
        }
        ByteBuffer in = ByteBuffer.wrap(packet);
        NodeId sender = new NodeId(in.getLong(), in.getLong());
        long theirSession = in.getLong();
        long number = in.getLong();
        long echo = in.getLong();
        long offer = in.getLong();
        Peer peer = peer(sender, theirSession);
        if (!peer.mark(number)) {
            return new EnvelopeOutcome.Rejected(Rejection.REPLAYED);
        }
        peer.proven |= echo != 0 && echo == peer.cookie;
        peer.offeredToUs = offer;
        byte[] payload = new byte[packet.length - Envelope.OVERHEAD_BYTES];
        in.position(Envelope.OVERHEAD_BYTES).get(payload);
        return new EnvelopeOutcome.Opened(sender, theirSession, peer.proven ? Trust.PROVEN : Trust.UNPROVEN, payload);
    }

    private Peer peer(NodeId sender, long theirSession) {
        @Nullable Peer known = peers.get(sender);
        if (known != null && known.session == theirSession) {
            return known;
        }
        Peer fresh = new Peer();
        fresh.session = theirSession;
        fresh.cookie = random.nextLong() | 1;
        peers.put(sender, fresh);
        return fresh;
    }

    @Override
    public boolean owesEcho(NodeId peer) {
        Peer known = peers.get(peer);
        return known != null && known.offeredToUs != 0;
    }
}
