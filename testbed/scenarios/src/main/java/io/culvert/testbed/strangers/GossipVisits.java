package io.culvert.testbed.strangers;

import io.culvert.catalog.NodeId;
import io.culvert.gossip.identity.PoolLabel;
import io.culvert.gossip.keyring.KeySchedules;
import io.culvert.gossip.keyring.Keyring;
import io.culvert.gossip.keyring.PoolKey;
import io.culvert.gossip.wire.Cookies;
import io.culvert.gossip.wire.EnvelopeSealer;
import io.culvert.gossip.wire.Frame;
import io.culvert.gossip.wire.PacketCodec;
import io.culvert.gossip.wire.StreamHandshake;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.security.SecureRandom;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/** Visits to the pool: packets of nobody, of another pool, and packets that were good once. */
final class GossipVisits {
    private static final int TIMEOUT_MILLIS = 20_000;

    private final InetSocketAddress port;
    private final List<byte[]> overheard;
    private final SplittableRandom random;
    private final NodeId self;
    private final KeySchedules otherPool;
    private final EnvelopeSealer sealer;

    private GossipVisits(InetSocketAddress port, List<byte[]> overheard, long seed) {
        this.port = port;
        this.overheard = overheard;
        this.random = new SplittableRandom(seed);
        this.self = new NodeId(random.nextLong(), random.nextLong());
        this.otherPool = new KeySchedules(new PoolLabel("dc1"), Keyring.of(PoolKey.generate(new SecureRandom())));
        this.sealer = new EnvelopeSealer(otherPool, self, random.nextLong());
    }

    /** @param overheard packets that the pool's own members sent to {@code port} */
    static Map<String, Visit> all(InetSocketAddress port, List<byte[]> overheard, long seed) {
        GossipVisits made = new GossipVisits(port, overheard, seed);
        Map<String, Visit> visits = new LinkedHashMap<>();
        visits.put("packet-of-other-pool", from -> made.send(from, made.ping()));
        visits.put("packet-changed", from -> made.send(from, made.changed()));
        visits.put("packet-replayed", from -> made.send(from, made.overheard()));
        visits.put("packet-random", from -> made.send(from, made.noise(400)));
        visits.put("packet-short", from -> made.send(from, new byte[] {1}));
        visits.put("packet-long", from -> made.send(from, made.noise(9_000)));
        visits.put("stream-of-other-pool", made::stream);
        return visits;
    }

    /** "Are you there?", sealed with the key of another pool. */
    private byte[] ping() {
        NodeId target = new NodeId(random.nextLong(), random.nextLong());
        return sealer.seal(
                target, PacketCodec.encode(List.of(new Frame.Ping(random.nextLong(), target, 1, 0, 0))), Cookies.NONE);
    }

    /** Of a session that is known, with its key's number, and one bit of the text turned. */
    private byte[] changed() {
        byte[] packet = overheard().clone();
        // A counter far ahead, or it would be taken for a replay before anybody looks at the text.
        packet[32] ^= 0x40;
        packet[packet.length - 1] ^= 1;
        return packet;
    }

    private byte[] overheard() {
        return overheard.get(random.nextInt(overheard.size()));
    }

    private byte[] noise(int length) {
        byte[] bytes = new byte[length];
        random.nextBytes(bytes);
        bytes[0] |= (byte) 0x80; // never the version
        return bytes;
    }

    private String send(InetAddress from, byte[] packet) throws IOException {
        try (DatagramSocket socket = new DatagramSocket(new InetSocketAddress(from, 0))) {
            socket.setSoTimeout(500);
            socket.send(new DatagramPacket(packet, packet.length, port));
            DatagramPacket answer = new DatagramPacket(new byte[2_000], 2_000);
            try {
                socket.receive(answer);
                return "answered with " + answer.getLength() + " bytes";
            } catch (java.net.SocketTimeoutException expected) {
                return "no answer";
            }
        }
    }

    private String stream(InetAddress from) throws IOException {
        try (Socket socket = new Socket()) {
            socket.bind(new InetSocketAddress(from, 0));
            socket.setSoTimeout(TIMEOUT_MILLIS);
            socket.connect(port, TIMEOUT_MILLIS);
            socket.getOutputStream()
                    .write(StreamHandshake.initiator(otherPool, self, new SecureRandom())
                            .hello());
            int heard = socket.getInputStream().readAllBytes().length;
            return "closed after " + heard + " bytes";
        }
    }
}
