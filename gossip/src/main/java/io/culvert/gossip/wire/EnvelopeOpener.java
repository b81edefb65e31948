package io.culvert.gossip.wire;

import io.culvert.catalog.NodeId;
import io.culvert.gossip.keyring.KeySchedule;
import io.culvert.gossip.keyring.KeySchedules;
import io.culvert.gossip.wire.EnvelopeOutcome.Opened;
import io.culvert.gossip.wire.EnvelopeOutcome.Rejected;
import io.culvert.gossip.wire.SessionTable.Session;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.random.RandomGenerator;
import javax.crypto.SecretKey;
import org.jspecify.annotations.Nullable;

/**
 * Opens datagrams: whose pool key, which sender, which session, never seen before. Never throws, whatever the bytes;
 * allocates no more than the packet's length; nothing of a packet that is not authentic is remembered but its count.
 * Not thread safe.
 */
public final class EnvelopeOpener {
    private final NodeId self;
    private final long ownSession;
    private final RandomGenerator random;
    private final AeadCipher cipher = new AeadCipher();
    private final SessionTable sessions;
    private final Map<Rejection, Long> rejections = new EnumMap<>(Rejection.class);
    private KeySchedules keys;

    /**
     * @param ownSession of this process's sealer, to tell our own packets from those of a clone
     * @param random for cookies: unpredictable in production
     */
    public EnvelopeOpener(
            KeySchedules keys, NodeId self, long ownSession, RandomGenerator random, EnvelopeBounds bounds) {
        this.keys = keys;
        this.self = self;
        this.ownSession = ownSession;
        this.random = random;
        this.sessions = new SessionTable(bounds);
    }

    /** Opens with {@code changed} from now on; the sessions live on. */
    public void use(KeySchedules changed) {
        keys = changed;
    }

    /** The cookies that belong into the next packet to {@code peer}. */
    public Cookies cookiesFor(NodeId peer) {
        return sessions.cookiesFor(peer);
    }

    /** How many packets were dropped for {@code reason}. */
    public long rejected(Rejection reason) {
        return rejections.getOrDefault(reason, 0L);
    }

    /** How many sessions are remembered. */
    public int sessions() {
        return sessions.size();
    }

    /** Opens the {@code length} bytes of {@code packet} beginning at {@code from}; they are not changed. */
    public EnvelopeOutcome open(byte[] packet, int from, int length) {
        EnvelopeOutcome outcome = tryOpen(packet, from, length);
        if (outcome instanceof Rejected rejected) {
            rejections.merge(rejected.reason(), 1L, Long::sum);
        }
        return outcome;
    }

    private EnvelopeOutcome tryOpen(byte[] packet, int from, int length) {
        if (length < Envelope.OVERHEAD_BYTES) {
            return new Rejected(Rejection.TOO_SHORT);
        }
        if (length > Envelope.MAXIMUM_PACKET) {
            return new Rejected(Rejection.TOO_LONG);
        }
        try {
            Header header = Header.read(WireReader.of(packet, from, length));
            if (header.version() != Envelope.VERSION) {
                return new Rejected(Rejection.UNKNOWN_VERSION);
            }
            if ((header.flags() & ~Envelope.KNOWN_FLAGS) != 0) {
                return new Rejected(Rejection.UNKNOWN_FLAGS);
            }
            return openKnown(header, packet, from, length);
        } catch (MalformedFrame tooShortForItsCookies) {
            return new Rejected(Rejection.TOO_SHORT);
        }
    }

    private EnvelopeOutcome openKnown(Header header, byte[] packet, int from, int length) throws MalformedFrame {
        KeySchedule schedule = keys.find(header.keyId());
        if (schedule == null) {
            return new Rejected(Rejection.UNKNOWN_KEY);
        }
        Session session = sessions.find(header.sessionKey());
        if (session != null) {
            // Before decrypting: a replay costs next to nothing.
            if (session.window.isBelow(header.counter())) {
                return new Rejected(Rejection.TOO_OLD);
            }
            if (session.window.wasSeen(header.counter())) {
                return new Rejected(Rejection.REPLAYED);
            }
        }
        SecretKey secret = secret(schedule, header, session);
        byte[][] associated = {
            WireReader.of(packet, from, length).bytes(Envelope.HEADER_BYTES, "header"),
            keys.label().bytes(),
            self.bytes()
        };
        byte[] plain = cipher.open(
                secret,
                header.counter(),
                associated,
                packet,
                from + Envelope.HEADER_BYTES,
                length - Envelope.HEADER_BYTES);
        if (plain == null) {
            return new Rejected(Rejection.NOT_AUTHENTIC);
        }
        if (header.sender().equals(self)) {
            return new Rejected(header.session() == ownSession ? Rejection.OWN_PACKET : Rejection.OWN_IDENTITY);
        }
        return accept(header, Objects.requireNonNullElseGet(session, () -> newSession(header)), secret, plain);
    }

    private EnvelopeOutcome accept(Header header, Session session, SecretKey secret, byte[] plain)
            throws MalformedFrame {
        WireReader reader = WireReader.of(plain);
        OptionalLong echoed = cookie(header.flags() & Envelope.ECHO, reader);
        OptionalLong offered = cookie(header.flags() & Envelope.OFFER, reader);
        byte[] payload = header.flags() == 0 ? plain : reader.bytes(reader.remaining(), "payload");
        session.remember(header.keyId(), secret);
        session.window.mark(header.counter());
        sessions.heard(session, echoed, offered);
        Trust trust = session.proven ? Trust.PROVEN : Trust.UNPROVEN;
        return new Opened(header.sender(), header.session(), trust, payload);
    }

    private Session newSession(Header header) {
        return new Session(header.sessionKey(), random.nextLong());
    }

    private static SecretKey secret(KeySchedule schedule, Header header, @Nullable Session session) {
        SecretKey remembered = session == null ? null : session.secret(header.keyId());
        return remembered != null ? remembered : schedule.packetKey(header.sender(), header.session());
    }

    private static OptionalLong cookie(int flag, WireReader reader) throws MalformedFrame {
        return flag == 0 ? OptionalLong.empty() : OptionalLong.of(reader.u64("cookie"));
    }

    /** The bytes in the clear. */
    private record Header(int version, int flags, long keyId, NodeId sender, long session, long counter) {
        static Header read(WireReader reader) throws MalformedFrame {
            return new Header(
                    reader.u8("version"),
                    reader.u8("flags"),
                    reader.u32("key id"),
                    NodeId.of(reader.bytes(NodeId.BYTES, "sender")),
                    reader.u64("session"),
                    reader.u64("counter"));
        }

        SessionTable.Key sessionKey() {
            return new SessionTable.Key(sender, session);
        }
    }
}
