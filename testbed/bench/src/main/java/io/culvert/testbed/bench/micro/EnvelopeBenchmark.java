package io.culvert.testbed.bench.micro;

import io.culvert.catalog.NodeId;
import io.culvert.gossip.identity.PoolLabel;
import io.culvert.gossip.keyring.KeySchedules;
import io.culvert.gossip.keyring.Keyring;
import io.culvert.gossip.keyring.PoolKey;
import io.culvert.gossip.wire.Cookies;
import io.culvert.gossip.wire.EnvelopeBounds;
import io.culvert.gossip.wire.EnvelopeOpener;
import io.culvert.gossip.wire.EnvelopeOutcome;
import io.culvert.gossip.wire.EnvelopeSealer;
import java.security.SecureRandom;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;
import org.openjdk.jmh.infra.Blackhole;

/** One datagram sealed, and opened by a member that knows the session. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(1)
public class EnvelopeBenchmark {
    private static final int PACKETS = 1_024;
    private static final long SESSION = 7;

    private final KeySchedules keys =
            new KeySchedules(new PoolLabel("bench"), Keyring.of(PoolKey.generate(new SecureRandom())));
    private final NodeId sender = new NodeId(1, 1);
    private final NodeId receiver = new NodeId(2, 2);
    private final byte[][] packets = new byte[PACKETS][];
    private EnvelopeSealer sealer = new EnvelopeSealer(keys, sender, SESSION);

    /** Bytes of frames: a probe's and the most that fits. */
    @Param({"48", "1200"})
    private int payload;

    private byte[] plain = new byte[0];

    @Setup(Level.Trial)
    public void fill() {
        plain = new byte[payload];
        new SplittableRandom(1).nextBytes(plain);
        sealer = new EnvelopeSealer(keys, sender, SESSION);
        for (int i = 0; i < PACKETS; i++) {
            packets[i] = sealer.seal(receiver, plain, Cookies.NONE);
        }
    }

    @Benchmark
    public byte[] seal() {
        return sealer.seal(receiver, plain, Cookies.NONE);
    }

    /** A fresh opener for each thousand, because a packet is opened once only; its first packet derives the key. */
    @Benchmark
    @OperationsPerInvocation(PACKETS)
    public void open(Blackhole sink) {
        EnvelopeOpener opener =
                new EnvelopeOpener(keys, receiver, SESSION, new SplittableRandom(2), EnvelopeBounds.DEFAULT);
        for (byte[] packet : packets) {
            EnvelopeOutcome outcome = opener.open(packet, 0, packet.length);
            if (!(outcome instanceof EnvelopeOutcome.Opened)) {
                throw new IllegalStateException("not opened: " + outcome);
            }
            sink.consume(outcome);
        }
    }

    /** What a stranger can make us do with one packet. */
    @Benchmark
    @OperationsPerInvocation(PACKETS)
    public void refuseReplayed(Replayed replayed, Blackhole sink) {
        for (byte[] packet : packets) {
            sink.consume(replayed.opener(this).open(packet, 0, packet.length));
        }
    }

    /** An opener that has seen every packet. */
    @State(Scope.Thread)
    public static class Replayed {
        private @org.jspecify.annotations.Nullable EnvelopeOpener seen;

        EnvelopeOpener opener(EnvelopeBenchmark benchmark) {
            EnvelopeOpener opener = seen;
            if (opener == null) {
                opener = new EnvelopeOpener(
                        benchmark.keys, new NodeId(2, 2), SESSION, new SplittableRandom(2), EnvelopeBounds.DEFAULT);
                for (byte[] packet : benchmark.packets) {
                    if (!(opener.open(packet, 0, packet.length) instanceof EnvelopeOutcome.Opened)) {
                        throw new IllegalStateException("not opened");
                    }
                }
                seen = opener;
            }
            return opener;
        }
    }
}
