package io.culvert.gossip;

import io.culvert.gossip.keyring.PoolKey;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Somebody without the key who sends datagrams and opens streams to every port of a pool, again and again: random bytes,
 * and bytes that look like an envelope or a greeting up to where the encryption begins.
 */
final class RubbishSender implements AutoCloseable {
    private static final int LONGEST = 1_500;
    private static final int STREAM_EVERY = 10;
    private static final int CONNECT_MILLIS = 500;

    private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor();
    private final List<HostPort> targets;
    private final long keyId;
    private final SplittableRandom random;
    private final DatagramSocket socket;
    private final AtomicInteger datagrams = new AtomicInteger();
    private final AtomicInteger streams = new AtomicInteger();
    private int next;

    RubbishSender(List<HostPort> targets, PoolKey looksLike, long seed) throws IOException {
        this.targets = List.copyOf(targets);
        this.keyId = looksLike.id();
        this.random = new SplittableRandom(seed);
        this.socket = new DatagramSocket(0, InetAddress.getByName("127.0.0.1"));
    }

    RubbishSender start() {
        thread.scheduleAtFixedRate(this::sendOne, 0, 5, TimeUnit.MILLISECONDS);
        return this;
    }

    int datagrams() {
        return datagrams.get();
    }

    int streams() {
        return streams.get();
    }

    private void sendOne() {
        HostPort target = targets.get(next++ % targets.size());
        try {
            byte[] bytes = rubbish();
            socket.send(new DatagramPacket(bytes, bytes.length, InetAddress.getByName(target.host()), target.port()));
            datagrams.incrementAndGet();
            if (next % STREAM_EVERY == 0) {
                sendByStream(target);
            }
        } catch (IOException gone) {
            // A member that was closed refuses: nothing to be counted.
        }
    }

    private void sendByStream(HostPort target) throws IOException {
        try (Socket stream = new Socket()) {
            stream.connect(new InetSocketAddress(target.host(), target.port()), CONNECT_MILLIS);
            stream.getOutputStream().write(rubbish());
            streams.incrementAndGet();
        }
    }

    private byte[] rubbish() {
        byte[] bytes = new byte[random.nextInt(LONGEST)];
        random.nextBytes(bytes);
        if (bytes.length > 6 && random.nextBoolean()) {
            // Version, no flags, the number of a key that is really in use: both an envelope and a greeting begin so.
            ByteBuffer.wrap(bytes).put((byte) 1).put((byte) 0).putInt((int) keyId);
        }
        return bytes;
    }

    @Override
    public void close() {
        thread.shutdownNow();
        socket.close();
    }
}
