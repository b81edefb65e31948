package io.culvert.testbed.bench.micro;

import io.culvert.gossip.identity.NodeKey;
import io.culvert.gossip.identity.PoolLabel;
import io.culvert.gossip.replication.Head;
import io.culvert.gossip.replication.SetHash;
import java.security.SecureRandom;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** An owner's signature: made once for each batch of changes, checked once by everybody. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(1)
public class HeadBenchmark {
    private final PoolLabel label = new PoolLabel("bench");
    private final NodeKey key = NodeKey.generate(new SecureRandom());
    private final Head unsigned =
            new Head(key.id(), SampleMembers.EPOCH, 1, SampleMembers.EPOCH / 3_600, 0, new SetHash(1, 2), new byte[0]);
    private final Head head = new Head(
            unsigned.owner(),
            unsigned.epoch(),
            unsigned.version(),
            unsigned.stampHours(),
            unsigned.count(),
            unsigned.setHash(),
            sign());

    @Benchmark
    public boolean verify() {
        if (!head.isSignedBy(key.publicKey(), label)) {
            throw new IllegalStateException("own signature refused");
        }
        return true;
    }

    @Benchmark
    public byte[] sign() {
        return key.sign(io.culvert.gossip.identity.SignatureDomain.HEAD, label, unsigned.signedBytes());
    }
}
