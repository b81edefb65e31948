package io.culvert.gossip.wire;

import io.culvert.catalog.NodeId;
import io.culvert.gossip.keyring.KeySchedules;
import javax.crypto.SecretKey;

/** Seals this process's datagrams. One sealer for all peers: its counter may never repeat. Not thread safe. */
public final class EnvelopeSealer {
    private final NodeId self;
    private final AeadCipher cipher = new AeadCipher();
    private KeySchedules keys;
    private SecretKey key;
    private long session;
    private long counter;

    /** @param session random, new for each start of the process: the same one twice would repeat nonces */
    public EnvelopeSealer(KeySchedules keys, NodeId self, long session) {
        this.keys = keys;
        this.self = self;
        this.session = session;
        this.key = keys.primary().packetKey(self, session);
    }

    public long session() {
        return session;
    }

    /** Seals with the primary key of {@code changed} from now on. */
    public void use(KeySchedules changed) {
        keys = changed;
        key = changed.primary().packetKey(self, session);
    }

    /** Starts a new session: for a host whose packets are refused because somebody spoke in its session. */
    public void renew(long newSession) {
        session = newSession;
        counter = 0;
        key = keys.primary().packetKey(self, newSession);
    }

    /**
     * One packet, ready to be sent.
     *
     * @param to nobody else can open it: a recording of it is worth nothing elsewhere
     * @param payload frames, at most {@link Envelope#MAXIMUM_PAYLOAD} bytes
     * @param cookies what {@link EnvelopeOpener#cookiesFor} says of the peer; {@link Cookies#NONE} for an unknown one
     */
    public byte[] seal(NodeId to, byte[] payload, Cookies cookies) {
        if (payload.length > Envelope.MAXIMUM_PAYLOAD) {
            throw new IllegalArgumentException(
                    "payload of " + payload.length + " bytes (expected: at most " + Envelope.MAXIMUM_PAYLOAD + ")");
        }
        byte[] header = header(cookies.flags(), ++counter);
        byte[] plain = plain(payload, cookies);
        byte[] packet = new byte[Envelope.OVERHEAD_BYTES + plain.length];
        System.arraycopy(header, 0, packet, 0, header.length);
        byte[][] associated = {header, keys.label().bytes(), to.bytes()};
        cipher.seal(key, counter, associated, plain, packet, Envelope.HEADER_BYTES);
        return packet;
    }

    private byte[] header(int flags, long number) {
        return new WireWriter(Envelope.HEADER_BYTES)
                .u8(Envelope.VERSION)
                .u8(flags)
                .u32(keys.primary().keyId())
                .bytes(self.bytes())
                .u64(session)
                .u64(number)
                .toBytes();
    }

    private static byte[] plain(byte[] payload, Cookies cookies) {
        if (cookies.bytes() == 0) {
            return payload;
        }
        WireWriter writer = new WireWriter(cookies.bytes() + payload.length);
        cookies.echo().ifPresent(writer::u64);
        cookies.offer().ifPresent(writer::u64);
        return writer.bytes(payload).toBytes();
    }
}
