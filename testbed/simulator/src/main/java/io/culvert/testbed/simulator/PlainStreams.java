package io.culvert.testbed.simulator;

import io.culvert.catalog.NodeId;
import io.culvert.gossip.core.StreamGuard;
import io.culvert.gossip.keyring.KeySchedules;
import io.culvert.gossip.wire.Envelope;
import io.culvert.gossip.wire.StreamEvent;
import io.culvert.gossip.wire.StreamFault;
import io.culvert.gossip.wire.StreamHandshake;
import io.culvert.gossip.wire.StreamOpener;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Streams without the encryption, with the sizes and the faults of real ones. Hello: version u8 = 1, flags u8 = 0, key id
 * u32, sender 16, nonce 16. Chunk: flags u8, length u16, data, tag 16 of which 4 are a checksum, 4 the number of the chunk
 * and 8 say which stream and which direction it belongs to.
 */
final class PlainStreams implements StreamGuard {
    private static final int MORE = 1;
    private static final int LAST = 2;
    private static final int HEADER_BYTES = 3;
    private static final int MAXIMUM_DATA = 65_535;

    private final NodeId self;
    private final RandomGenerator random;

    PlainStreams(NodeId self, RandomGenerator random) {
        this.self = self;
        this.random = random;
    }

    @Override
    public Handshake initiator(KeySchedules keys) {
        return new Plain(keys, true);
    }

    @Override
    public Handshake responder(KeySchedules keys) {
        return new Plain(keys, false);
    }

    private final class Plain implements Handshake {
        private final KeySchedules keys;
        private final boolean initiator;
        private byte @Nullable [] own;

        Plain(KeySchedules keys, boolean initiator) {
            this.keys = keys;
            this.initiator = initiator;
            this.own = initiator ? newHello(keys.primary().keyId()) : null;
        }

        private byte[] newHello(long keyId) {
            return ByteBuffer.allocate(StreamHandshake.HELLO_BYTES)
                    .put((byte) 1)
                    .put((byte) 0)
                    .putInt((int) keyId)
                    .putLong(self.high())
                    .putLong(self.low())
                    .putLong(random.nextLong())
                    .putLong(random.nextLong())
                    .array();
        }

        @Override
        public byte[] hello() {
            byte[] hello = own;
            if (hello == null) {
                throw new IllegalStateException("a responder speaks after the initiator");
            }
            return hello;
        }

        @Override
        public Outcome accept(byte[] peerHello) {
            ByteBuffer in = ByteBuffer.wrap(peerHello);
            boolean known = in.get() == 1 & in.get() == 0;
            long keyId = in.getInt() & 0xffff_ffffL;
            NodeId peer = new NodeId(in.getLong(), in.getLong());
            if (!known) {
                return new Refused(StreamFault.UNKNOWN_VERSION);
            }
            if (initiator ? keyId != keys.primary().keyId() : keys.find(keyId) == null) {
                return new Refused(StreamFault.UNKNOWN_KEY);
            }
            if (peer.equals(self)) {
                return new Refused(StreamFault.OWN_IDENTITY);
            }
            if (!initiator) {
                own = newHello(keyId);
            }
            long transcript = World.mix(digest(hello()) + digest(peerHello));
            return new Established(peer, new Open(transcript + (initiator ? 1 : 2), transcript + (initiator ? 2 : 1)));
        }

        private static long digest(byte[] hello) {
            long digest = 0;
            for (byte b : hello) {
                digest = World.mix(digest ^ b);
            }
            return digest;
        }
    }

    private static final class Open implements Channel {
        private final Checksum checksum = new Checksum();
        private final long sending;
        private final long receiving;
        private final ByteArrayOutputStream message = new ByteArrayOutputStream();
        private byte[] pending = new byte[128];
        private int pendingBytes;
        private int sent;
        private int received;
        private boolean ended;
        private boolean failed;

        Open(long sending, long receiving) {
            this.sending = sending;
            this.receiving = receiving;
        }

        @Override
        public List<byte[]> seal(byte[] whole) {
            List<byte[]> chunks = new ArrayList<>(1);
            int from = 0;
            do {
                int to = Math.min(whole.length, from + MAXIMUM_DATA);
                chunks.add(chunk(to < whole.length ? MORE : 0, whole, from, to - from));
                from = to;
            } while (from < whole.length);
            return chunks;
        }

        @Override
        public byte[] finish() {
            return chunk(LAST, new byte[0], 0, 0);
        }

        @Override
        public int heldBytes() {
            return pendingBytes + message.size();
        }

        private byte[] chunk(int flags, byte[] source, int from, int length) {
            byte[] chunk = new byte[HEADER_BYTES + length + Envelope.TAG_BYTES];
            chunk[0] = (byte) flags;
            chunk[1] = (byte) (length >>> 8);
            chunk[2] = (byte) length;
            System.arraycopy(source, from, chunk, HEADER_BYTES, length);
            int tagAt = HEADER_BYTES + length;
            ByteBuffer.wrap(chunk, tagAt, Envelope.TAG_BYTES)
                    .putInt(checksum.of(chunk, 0, tagAt))
                    .putInt(sent++)
                    .putLong(sending);
            return chunk;
        }

        @Override
        public List<StreamEvent> onBytes(byte[] source, int from, int length) {
            List<StreamEvent> events = new ArrayList<>(1);
            int at = from;
            int end = from + length;
            while (at < end && !failed) {
                int count = Math.min(end - at, wantedBytes() - pendingBytes);
                if (pendingBytes + count > pending.length) {
                    pending = Arrays.copyOf(pending, Math.max(pendingBytes + count, 2 * pending.length));
                }
                System.arraycopy(source, at, pending, pendingBytes, count);
                pendingBytes += count;
                at += count;
                if (pendingBytes > HEADER_BYTES && pendingBytes == wantedBytes()) {
                    openPending(events);
                    pendingBytes = 0;
                }
            }
            return events;
        }

        private int wantedBytes() {
            return pendingBytes < HEADER_BYTES
                    ? HEADER_BYTES
                    : HEADER_BYTES + ((pending[1] & 0xff) << 8 | pending[2] & 0xff) + Envelope.TAG_BYTES;
        }

        private void openPending(List<StreamEvent> events) {
            int tagAt = pendingBytes - Envelope.TAG_BYTES;
            ByteBuffer tag = ByteBuffer.wrap(pending, tagAt, Envelope.TAG_BYTES);
            boolean authentic = tag.getInt() == checksum.of(pending, 0, tagAt)
                    & tag.getInt() == received++
                    & tag.getLong() == receiving;
            int flags = pending[0];
            int length = tagAt - HEADER_BYTES;
            if (!authentic) {
                fail(StreamFault.NOT_AUTHENTIC, events);
            } else if (ended) {
                fail(StreamFault.AFTER_END, events);
            } else if (flags == LAST && length == 0 && message.size() == 0) {
                ended = true;
                events.add(new StreamEvent.Ended());
            } else if ((flags & ~MORE) != 0) {
                fail(StreamFault.MALFORMED, events);
            } else if (message.size() + length > StreamOpener.MAXIMUM_MESSAGE) {
                fail(StreamFault.MESSAGE_TOO_LARGE, events);
            } else {
                message.write(pending, HEADER_BYTES, length);
                if (flags == 0) {
                    events.add(new StreamEvent.Message(message.toByteArray()));
                    message.reset();
                }
            }
        }

        private void fail(StreamFault fault, List<StreamEvent> events) {
            failed = true;
            events.add(new StreamEvent.Failed(fault));
        }
    }
}
