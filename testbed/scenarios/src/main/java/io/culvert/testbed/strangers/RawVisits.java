package io.culvert.testbed.strangers;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/** Visits over TCP that speak no language of the mesh. */
final class RawVisits {
    private static final int TIMEOUT_MILLIS = 20_000;

    /** More than the handshakes that one address may have under way. */
    private static final int SILENT = 80;

    private static final byte[] HTTP =
            "GET /v1/agent/self HTTP/1.1\r\nHost: culvert\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

    private final InetSocketAddress tls;
    private final InetSocketAddress gossip;
    private final SplittableRandom random;

    private RawVisits(InetSocketAddress tls, InetSocketAddress gossip, long seed) {
        this.tls = tls;
        this.gossip = gossip;
        this.random = new SplittableRandom(seed);
    }

    static Map<String, Visit> all(InetSocketAddress tls, InetSocketAddress gossip, long seed) {
        RawVisits made = new RawVisits(tls, gossip, seed);
        Map<String, Visit> visits = new LinkedHashMap<>();
        visits.put("tls-http", from -> say(made.tls, from, HTTP));
        visits.put("tls-random", from -> say(made.tls, from, made.random(2_000)));
        visits.put("tls-endless-hello", from -> say(made.tls, from, endlessHello()));
        visits.put("tls-hello-and-away", from -> goAway(made.tls, from));
        visits.put("tls-silence", from -> silence(made.tls, from, SILENT));
        visits.put("gossip-http", from -> say(made.gossip, from, HTTP));
        visits.put("gossip-random", from -> say(made.gossip, from, made.random(2_000)));
        visits.put("gossip-silence", from -> silence(made.gossip, from, 3));
        return visits;
    }

    /** Never a TLS record, which begins with 20 to 24, nor a hello of the pool, which begins with 1. */
    private byte[] random(int length) {
        byte[] bytes = new byte[length];
        random.nextBytes(bytes);
        bytes[0] |= (byte) 0x80;
        return bytes;
    }

    /** Handshake records that announce a ClientHello of 16 MB. */
    private static byte[] endlessHello() {
        int record = 16_384;
        ByteBuffer bytes = ByteBuffer.allocate(4 * (5 + record));
        for (int i = 0; i < 4; i++) {
            bytes.put((byte) 22).putShort((short) 0x0301).putShort((short) record);
            if (i == 0) {
                bytes.putInt(1 << 24 | 0xff_ffff);
                bytes.position(bytes.position() + record - 4);
            } else {
                bytes.position(bytes.position() + record);
            }
        }
        return bytes.array();
    }

    private static String say(InetSocketAddress to, InetAddress from, byte[] words) throws IOException {
        try (Socket socket = connect(to, from)) {
            try {
                socket.getOutputStream().write(words);
            } catch (IOException refusedWhileSpeaking) {
                return "cut off: " + refusedWhileSpeaking.getMessage();
            }
            return end(socket);
        }
    }

    private static String goAway(InetSocketAddress to, InetAddress from) throws IOException {
        try (Socket socket = connect(to, from)) {
            socket.getOutputStream().write(new byte[] {22, 3, 1});
            return "went away";
        }
    }

    /** Many that say nothing, all at once, until the other side has had enough of each. */
    private static String silence(InetSocketAddress to, InetAddress from, int many) throws IOException {
        List<Socket> sockets = new ArrayList<>();
        try {
            for (int i = 0; i < many; i++) {
                sockets.add(connect(to, from));
            }
            System.out.println("silent " + many + " at " + to.getPort());
            for (Socket socket : sockets) {
                String end = end(socket);
                if (!end.startsWith("closed")) {
                    return end;
                }
            }
            return "closed all " + many;
        } finally {
            for (Socket socket : sockets) {
                socket.close();
            }
        }
    }

    /** Reads until the other side ends it; what it says is none of the application's, which would have echoed. */
    private static String end(Socket socket) throws IOException {
        try {
            InputStream in = socket.getInputStream();
            int heard = in.readAllBytes().length;
            return "closed after " + heard + " bytes";
        } catch (SocketTimeoutException e) {
            return "still open after " + TIMEOUT_MILLIS + " ms";
        } catch (IOException e) {
            return "closed: " + e.getMessage();
        }
    }

    private static Socket connect(InetSocketAddress to, InetAddress from) throws IOException {
        Socket socket = new Socket();
        socket.bind(new InetSocketAddress(from, 0));
        socket.setSoTimeout(TIMEOUT_MILLIS);
        socket.connect(to, TIMEOUT_MILLIS);
        return socket;
    }
}
