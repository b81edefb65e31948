package io.culvert.testbed.simulator;

import io.culvert.catalog.NodeId;
import io.culvert.gossip.core.PacketGuard;
import io.culvert.gossip.keyring.KeySchedules;
import io.culvert.gossip.wire.Envelope;
import io.culvert.gossip.wire.EnvelopeOutcome;
import io.culvert.gossip.wire.Rejection;
import io.culvert.gossip.wire.Trust;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Map;
import java.util.random.RandomGenerator;
import java.util.zip.CRC32;
import org.jspecify.annotations.Nullable;

/**
 * The envelope without the encryption: the same sizes, sessions, cookies and replay rule, so that a pool of thousands runs
 * in one thread. A checksum over the packet and the key's number stands for the tag, so that a flipped bit is refused as
 * AES-GCM would refuse it. Layout: sender 16, session 8, counter 4, echo 8, offer 8 (0: none), key 4,
 * checksum 4, and two bytes to fill up.
 */
final class PlainGuard implements PacketGuard {
    private static final int CHECKSUM_AT = 48;
    private static final int FILLING = Envelope.OVERHEAD_BYTES - CHECKSUM_AT - Integer.BYTES;
    private static final int MOST_SESSIONS = 64;
    private static final int WINDOW = 1_024;

    private final NodeId self;
    private final RandomGenerator random;
    private final long session;
    private final Map<NodeId, Peer> peers = new HashMap<>();
    private KeySchedules keys;
    private long counter;

    PlainGuard(NodeId self, KeySchedules keys, RandomGenerator random) {
        this.keys = keys;
        this.self = self;
        this.random = random;
        this.session = random.nextLong();
    }

    private static final class Peer {
        long session;
        long cookie;
        boolean proven;
        long offeredToUs;
        /** The session before this: a recording of it is still a recording. */
        @Nullable
        Peer before;

        private long highest = -1;
        /**
         * Which of the numbers below the highest came; made when a second one comes that is near the highest. In a large
         * pool two hosts meet so rarely that most never need one.
         */
        private long @Nullable [] seen;

        /** @return whether this number is new, and near enough to tell */
        boolean mark(long number) {
            if (highest < 0 || number - highest >= WINDOW) {
                highest = number;
                seen = null;
                return true;
            }
            if (number + WINDOW <= highest) {
                return false;
            }
            long[] window = window();
            for (long passed = highest + 1; passed <= number; passed++) {
                window[word(passed)] &= ~(1L << passed);
            }
            highest = Math.max(highest, number);
            boolean isNew = (window[word(number)] & 1L << number) == 0;
            window[word(number)] |= 1L << number;
            return isNew;
        }

        private long[] window() {
            long[] window = seen;
            if (window == null) {
                window = new long[WINDOW / Long.SIZE];
                window[word(highest)] |= 1L << highest;
                seen = window;
            }
            return window;
        }

        private static int word(long number) {
            return (int) (number >>> 6) & WINDOW / Long.SIZE - 1;
        }
    }

    @Override
    public byte[] seal(NodeId to, byte[] payload) {
        Peer peer = peers.get(to);
        long keyId = keys.primary().keyId();
        ByteBuffer packet = ByteBuffer.allocate(Envelope.OVERHEAD_BYTES + payload.length)
                .putLong(self.high())
                .putLong(self.low())
                .putLong(session)
                .putInt((int) ++counter)
                .putLong(peer == null ? 0 : peer.offeredToUs)
                .putLong(peer == null || peer.proven ? 0 : peer.cookie)
                .putInt((int) keyId)
                .putInt(0)
                .put(new byte[FILLING])
                .put(payload);
        return packet.putInt(CHECKSUM_AT, checksum(packet.array(), keyId)).array();
    }

    // Who does not know the key cannot make it: as far as the strangers of the simulator go, who do not try.
    private static int checksum(byte[] packet, long keyId) {
        CRC32 crc = new CRC32();
        crc.update(packet, 0, CHECKSUM_AT);
        crc.update(packet, CHECKSUM_AT + Integer.BYTES, packet.length - CHECKSUM_AT - Integer.BYTES);
        return (int) (crc.getValue() ^ keyId * 0x9e3779b97f4a7c15L >>> 32);
    }

    private @Nullable Rejection refusal(long keyId, int checksum, byte[] packet) {
        if (keys.find(keyId) == null) {
            return Rejection.UNKNOWN_KEY;
        }
        return checksum(packet, keyId) == checksum ? null : Rejection.NOT_AUTHENTIC;
    }

    /** Seals and opens with {@code changed} from now on. */
    void use(KeySchedules changed) {
        keys = changed;
    }

    @Override
    public EnvelopeOutcome open(byte[] packet) {
        if (packet.length < Envelope.OVERHEAD_BYTES) {
            return new EnvelopeOutcome.Rejected(Rejection.TOO_SHORT);
        }
        ByteBuffer in = ByteBuffer.wrap(packet);
        NodeId sender = new NodeId(in.getLong(), in.getLong());
        long theirSession = in.getLong();
        long number = Integer.toUnsignedLong(in.getInt());
        long echo = in.getLong();
        long offer = in.getLong();
        Rejection refusal = refusal(Integer.toUnsignedLong(in.getInt()), in.getInt(), packet);
        if (refusal != null) {
            return new EnvelopeOutcome.Rejected(refusal);
        }
        if (sender.equals(self)) {
            return new EnvelopeOutcome.Rejected(
                    theirSession == session ? Rejection.OWN_PACKET : Rejection.OWN_IDENTITY);
        }
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
        @Nullable Peer newest = peers.get(sender);
        int depth = 0;
        for (Peer known = newest; known != null && depth < MOST_SESSIONS; known = known.before) {
            if (known.session == theirSession) {
                return known;
            }
            depth++;
        }
        Peer fresh = new Peer();
        fresh.session = theirSession;
        fresh.cookie = random.nextLong() | 1;
        fresh.before = depth < MOST_SESSIONS ? newest : null;
        peers.put(sender, fresh);
        return fresh;
    }

    @Override
    public boolean owesEcho(NodeId peer) {
        Peer known = peers.get(peer);
        return known != null && known.offeredToUs != 0;
    }
}
